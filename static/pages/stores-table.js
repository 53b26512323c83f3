// The rows. What changes is shown at once; their order stays while the pointer or the focus is among them.
import {html, later, useEffect, useRef, useState} from '../html.js';
import {asCurl, post} from '../api.js';
import {me, can} from '../session.js';
import {withQuery} from '../router.js';
import {t} from '../i18n.js';
import {StatusBadge, statusText, Time, Menu, toast} from '../ui/parts.js';

const SAID_MS = 5000;
const SAID_MOST = 3;
const DeleteDialog = later(() => import('../ui/confirm-delete.js').then((m) => m.DeleteDialog));

// first: the order a first press gives; sorts not named here have no header.
const COLUMNS = [
	{text: 'stores.col.name', sort: 'name', first: 'name'},
	{text: 'stores.col.status', sort: 'urgency', first: 'urgency'},
	{text: 'stores.col.engine'},
	{text: 'stores.col.changed', sort: 'changed_at', first: '-changed_at'},
];

function Header({column, query}) {
	const now = query.get('sort') ?? 'urgency';
	const {sort, first, text} = column;
	if (!sort) return html`<th scope="col">${t(text)}</th>`;
	const mine = now === sort || now === `-${sort}`;
	const other = now === sort ? `-${sort}` : sort;
	const direction = now === sort ? 'ascending' : 'descending';
	return html`<th scope="col" aria-sort=${mine ? direction : undefined}>
		<a href=${withQuery({cursor: null, sort: mine ? other : first})}>${t(text)} <span aria-hidden="true">${mine ? (now === sort ? '↑' : '↓') : '↕'}</span></a></th>`;
}

// How many of the rows would have to be moved, added or taken away: all but the longest run that keeps its order.
function distance(order, rows) {
	const at = new Map(order.map((id, i) => [id, i]));
	const runs = [];	// the longest run that ends with each row
	for (const [i, {id}] of rows.entries()) {
		const before = runs.filter((_, j) => at.get(rows[j].id) < at.get(id));
		runs[i] = at.has(id) ? 1 + Math.max(0, ...before) : 0;
	}
	return Math.max(rows.length, order.length) - Math.max(0, ...runs);
}

// The rows in the order in which they are shown; it stays while the pointer or the focus is in the area.
function useHeld(rows) {
	const [held, setHeld] = useState(false);
	const [, draw] = useState(0);
	const kept = useRef({order: [], rows: new Map()});
	const area = useRef(null);
	const fresh = new Map(rows.map((row) => [row.id, row]));
	const take = () => {
		kept.current = {order: rows.map((row) => row.id), rows: fresh};
	};
	if (!held) take();
	const {order, rows: before} = kept.current;
	const look = () => area.current && setHeld(area.current.matches(':hover') || area.current.contains(document.activeElement));
	const later = () => setTimeout(look);	// when the focus or the pointer is where it goes
	return {
		shown: order.map((id) => fresh.get(id) ?? {...before.get(id), gone: true}),
		moved: held ? distance(order, rows) : 0,
		refresh() {
			take();
			draw((n) => n + 1);
		},
		listeners: {ref: area, onPointerEnter: look, onPointerLeave: later, onFocusIn: look, onFocusOut: later},
	};
}

// What changed between two answers, in words, at most once in five seconds.
function useSaid(rows) {
	const [text, setText] = useState('');
	const before = useRef(null);
	const waiting = useRef([]);
	const timer = useRef(null);
	useEffect(() => {
		const now = new Map(rows.map((row) => [row.name, row.status]));
		const was = before.current;
		before.current = now;
		if (!was) return;
		for (const [name, status] of now) {
			if (was.get(name) !== status) waiting.current.push(t(was.has(name) ? 'stores.said' : 'stores.said.new', {name, status: statusText(status)}));
		}
		for (const name of was.keys()) if (!now.has(name)) waiting.current.push(t('stores.said.gone', {name}));
		if (waiting.current.length === 0 || timer.current) return;
		timer.current = setTimeout(() => {
			const all = waiting.current.splice(0);
			const more = all.length - SAID_MOST;
			setText([...all.slice(0, SAID_MOST), ...(more > 0 ? [t('stores.said.more', {n: more})] : [])].join('. '));
			timer.current = null;
		}, SAID_MS);
	}, [rows]);
	useEffect(() => () => clearTimeout(timer.current), []);
	return text;
}

function useActions(refresh) {
	const [doomed, setDoomed] = useState(null);
	const retry = async (store) => {
		try {
			await post(`/stores/${store.id}/retry`);
			toast(t('stores.retried', {name: store.name}), {href: `#/stores/${store.id}`});
		} catch (problem) {
			toast(problem.detail, {kind: 'error', href: `#/stores/${store.id}`});
		}
		refresh();
	};
	const ended = (deleted) => {
		if (deleted) toast(t('stores.removed', {name: doomed.name}), {href: `#/stores/${doomed.id}`});
		setDoomed(null);
		refresh();
	};
	const dialog = doomed && html`<${DeleteDialog} store=${doomed} onDone=${ended}/>`;
	return {retry, remove: setDoomed, dialog};
}

const operable = () => can('operator') ? undefined
	: t('role.needed', {role: t(`role.${me.value.role}`), needed: t('role.operator'), tenant: me.value.tenant.name});

function Actions({store, actions}) {
	const deleting = store.status === 'deleting' ? t('stores.deleting') : undefined;
	const items = [
		{label: t('stores.open'), href: store.storefront_url, external: true, disabled: store.storefront_url ? undefined : t('stores.open.not')},
		['failed', 'degraded'].includes(store.status) && {label: t('stores.retry'), action: () => actions.retry(store), disabled: operable()},
		{label: t('copy.curl'), action: () => navigator.clipboard.writeText(asCurl('GET', `/stores/${store.id}`)).then(
			() => toast(t('copy.done')), () => toast(t('copy.failed'), {kind: 'error'}))},
		{label: t('stores.delete'), action: () => actions.remove(store), danger: true, disabled: operable() ?? deleting},
	];
	return html`<${Menu} label=${t('stores.actions', {name: store.name})} items=${items}/>`;
}

function Row({store, actions}) {
	const troubled = store.message && store.status !== 'ready';
	return html`<tr class=${store.gone ? 'gone' : undefined}>
		<td class="name">
			<a href="#/stores/${store.id}" data-row dir="auto">${store.name}</a>
			${store.storefront_url && html`<a class="host" href=${store.storefront_url} target="_blank" rel="noopener"
				aria-label=${t('stores.open.new', {host: store.domain ?? store.name})}>${store.domain ?? store.storefront_url} ↗</a>`}
		</td>
		<td>
			<${StatusBadge} status=${store.status}/>
			${store.gone ? html`<p class="why">${t('stores.said.gone', {name: store.name})}</p>`
				: troubled && html`<p class="why" dir="auto" title=${store.message}>${store.message}</p>`}
		</td>
		<td data-label=${t('stores.engine')} class="kind"><span>${store.engine} <span class="muted">· ${store.plan}</span></span></td>
		<td data-label=${t('stores.col.changed')} class="when"><${Time} at=${store.changed_at}/></td>
		<td class="act"><${Actions} store=${store} actions=${actions}/></td>
	</tr>`;
}

export function StoresTable({rows, query, refresh}) {
	const {shown, moved, refresh: reorder, listeners} = useHeld(rows);
	const said = useSaid(rows);
	const actions = useActions(refresh);
	return html`
		<div ...${listeners}>
			<div class="reorder" role="status">${moved > 0 && html`
				<button type="button" class="small" onClick=${reorder}>${t('stores.reorder', {n: moved})}</button>`}</div>
			<table class="cards">
				<caption class="sr-only">${t('stores.title')}</caption>
				<thead><tr>
					${COLUMNS.map((column) => html`<${Header} key=${column.text} column=${column} query=${query}/>`)}
					<th scope="col"><span class="sr-only">${t('stores.col.actions')}</span></th>
				</tr></thead>
				<tbody>${shown.map((store) => html`<${Row} key=${store.id} store=${store} actions=${actions}/>`)}</tbody>
			</table>
		</div>
		<p class="sr-only" role="status">${said}</p>
		${actions.dialog}`;
}
