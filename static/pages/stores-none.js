// No rows: nothing made yet, or nothing that matches.
import {html} from '../html.js';
import {asCurl} from '../api.js';
import {can, me} from '../session.js';
import {t} from '../i18n.js';
import {Empty} from '../ui/empty.js';
import {CopyButton} from '../ui/parts.js';

const EXAMPLE = {name: 'my-shop', engine: 'woocommerce'};

export default function NoStores({filtered, clear}) {
	if (filtered) {
		return html`<div class="card"><${Empty} title=${t('stores.none')} text=${t('stores.none.text')}>
			<a class="button" href=${clear}>${t('stores.none.clear')}</a><//></div>`;
	}
	const curl = asCurl('POST', '/stores', EXAMPLE);
	return html`<div class="card"><${Empty} title=${t('stores.first')} text=${t('stores.first.text')}>
		${can('operator') ? html`<a class="button primary" href="#/stores/new">${t('stores.new')}</a>`
			: html`<p>${t('role.needed', {role: t(`role.${me.value.role}`), needed: t('role.operator'), tenant: me.value.tenant.name})}</p>`}<//>
		<div class="stack shell">
			<div class="row apart"><span class="muted">${t('stores.first.curl')}</span><${CopyButton} text=${curl}/></div>
			<pre>${curl}</pre>
		</div></div>`;
}
