// The entries of the audit log. Details are text, whatever somebody wrote into them.
import {html, useId, useState} from '../html.js';
import {t} from '../i18n.js';
import {CopyButton, Time} from '../ui/parts.js';
import {absolute} from '../format.js';
import {term} from './terms.js';

const COLUMNS = ['when', 'actor', 'action', 'object', 'ip', 'details'];
const UUID = /^[0-9a-f-]{36}$/i;

function Thing({entry}) {
	const {resource_type: type, resource_id: id, metadata_: details} = entry;
	const name = typeof details?.name === 'string' ? details.name : id;
	if (!type) return html`<span class="muted">—</span>`;
	return html`
		<span class="muted">${term('audit.type', type)}</span> ${type === 'store' && UUID.test(id ?? '')
			? html`<a href=${`#/stores/${id}`}>${name}</a>` : html`<span>${name}</span>`}`;
}

function Details({entry, id}) {
	const facts = [['at', absolute(entry.created_at)], ['id', entry.resource_id], ['request', entry.request_id], ['seq', String(entry.seq)], ['hash', entry.hash]];
	return html`
		<tr class="details" id=${id}><td colspan="6">
			<dl class="facts">
				${facts.filter(([, value]) => value).map(([key, value]) => html`<dt>${t(`audit.fact.${key}`)}</dt><dd><code>${value}</code></dd>`)}
			</dl>
			<pre tabindex="0">${JSON.stringify(entry.metadata_ ?? {}, null, 2)}</pre>
			<${CopyButton} text=${JSON.stringify(entry, null, 2)} label=${t('audit.copy')} />
		</td></tr>`;
}

function Row({entry}) {
	const [open, setOpen] = useState(false);
	const id = useId();
	return html`
		<tr>
			<td data-label=${t('audit.when')}><${Time} at=${entry.created_at} /></td>
			<td data-label=${t('audit.actor')}><span>${entry.actor ?? '—'}</span></td>
			<td data-label=${t('audit.action')}><span>${term('audit.action', entry.action, '')} <code class="muted">${entry.action}</code></span></td>
			<td data-label=${t('audit.object')}><span dir="auto"><${Thing} entry=${entry} /></span></td>
			<td data-label=${t('audit.ip')}><span>${entry.ip_address ?? '—'}</span></td>
			<td><button type="button" class="small" aria-expanded=${String(open)} aria-controls=${open ? id : undefined} onClick=${() => setOpen(!open)}>
				${t('audit.details')}</button></td>
		</tr>
		${open && html`<${Details} entry=${entry} id=${id} />`}`;
}

export function AuditTable({entries}) {
	return html`
		<div class="card table">
			<table class="cards">
				<thead><tr>${COLUMNS.map((c) => html`<th scope="col">${t(`audit.${c}`)}</th>`)}</tr></thead>
				<tbody>${entries.map((e) => html`<${Row} key=${e.id} entry=${e} />`)}</tbody>
			</table>
		</div>`;
}
