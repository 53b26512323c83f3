// Oneself: who one is here, password, sessions, tokens, and how the dashboard behaves in this browser.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {usePage} from '../router.js';
import {me} from '../session.js';
import {styles} from '../styles.js';
import {Password} from './account-password.js';
import {Preferences} from './account-preferences.js';
import {Sessions} from './account-sessions.js';
import {Tokens} from './account-tokens.js';
import {term} from './terms.js';

await styles('pages/account.css');

function Who() {
	const {user, tenant, role} = me.value;
	return html`
		<section class="card" aria-labelledby="who-title">
			<h2 id="who-title">${t('account.who')}</h2>
			<dl class="facts">
				<dt>${t('account.email')}</dt><dd>${user.email}${user.platform_admin && html` <span class="tag">${t('account.platform')}</span>`}</dd>
				<dt>${t('account.tenant')}</dt><dd>${tenant.name}</dd>
				<dt>${t('account.role')}</dt><dd>${term('role', role)} <small class="muted">${term('account.role', role, '')}</small></dd>
				<dt>${t('account.stores')}</dt><dd>${t('account.quota', {n: tenant.stores, most: tenant.max_stores})}</dd>
			</dl>
		</section>`;
}

export default function AccountPage() {
	usePage(t('account.title'));
	if (!me.value) return null;
	return html`
		<div class="page account">
			<h1 tabindex="-1">${t('account.title')}</h1>
			<div class="halves"><${Who} /><${Preferences} /></div>
			<${Tokens} />
			<${Sessions} />
			<${Password} />
		</div>`;
}
