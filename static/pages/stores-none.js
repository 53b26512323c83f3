// No rows: nothing made yet, or nothing that matches.
import {html} from '../html.js';
import {asCurl} from '../api.js';
import {useLive} from '../live.js';
import {can, me} from '../session.js';
import {t} from '../i18n.js';
import {Empty} from '../ui/empty.js';
import {CopyButton} from '../ui/parts.js';

const RARELY_MS = 60000;

// With the first engine on offer: without any there is nothing that could be made.
function Shell() {
	const {data} = useLive('/engines', {interval: RARELY_MS});
	if (!data?.length) return null;
	const curl = asCurl('POST', '/stores', {name: 'my-shop', engine: data[0].name});
	return html`
		<div class="stack shell">
			<div class="row apart"><span class="muted">${t('stores.first.curl')}</span><${CopyButton} text=${curl}/></div>
			<pre>${curl}</pre>
		</div>`;
}

export default function NoStores({filtered, clear}) {
	if (filtered) {
		return html`<div class="card"><${Empty} title=${t('stores.none')} text=${t('stores.none.text')}>
			<a class="button" href=${clear}>${t('stores.none.clear')}</a><//></div>`;
	}
	return html`<div class="card"><${Empty} title=${t('stores.first')} text=${t('stores.first.text')}>
		${can('operator') ? html`<a class="button primary" href="#/stores/new">${t('stores.new')}</a>`
			: html`<p>${t('role.needed', {role: t(`role.${me.value.role}`), needed: t('role.operator'), tenant: me.value.tenant.name})}</p>`}<//>
		<${Shell}/></div>`;
}
