// Why a page's buttons are disabled, and who can press them. Nothing for those who can.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {can, me} from '../session.js';
import {term} from './terms.js';

export function Forbidden({role, id}) {
	if (can(role)) return null;
	return html`
		<p class="note" id=${id}>
			${t('store.read_only', {needed: term('role', role), role: term('role', me.value?.role), tenant: me.value?.tenant?.name})}
		</p>`;
}
