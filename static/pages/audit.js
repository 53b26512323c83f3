// Who did what, newest first: filters in the URL, every entry with its place in the chain, export as CSV.
import {html, useEffect, useRef, useState} from '../html.js';
import {t} from '../i18n.js';
import {asCurl} from '../api.js';
import {useLive} from '../live.js';
import {route, setQuery, usePage} from '../router.js';
import {can, me} from '../session.js';
import {styles} from '../styles.js';
import {CopyButton, Skeleton} from '../ui/parts.js';
import {Empty} from '../ui/empty.js';
import {ErrorCard} from '../ui/error-card.js';
import {Field} from '../ui/field.js';
import {AuditTable} from './audit-table.js';
import {term} from './terms.js';

await styles('pages/audit.css');

const LIMIT = 50, TYPING_MS = 300, SLOW_MS = 5000;
const TEXTS = ['q', 'actor', 'action', 'resource_id'], TIMES = ['since', 'until'];
const FILTERS = [...TEXTS, ...TIMES];

const hasFilter = (query) => FILTERS.some((name) => query.get(name));

// A date field's moment is the reader's; the URL and the API have it in UTC.
function local(iso) {
	const at = new Date(iso);
	if (Number.isNaN(at.getTime())) return '';
	return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
const utc = (value) => value ? new Date(value).toISOString() : null;

function apiPath(query, extra) {
	const asked = new URLSearchParams();
	for (const name of FILTERS) if (query.get(name)) asked.set(name, query.get(name));
	for (const [name, value] of Object.entries(extra)) if (value) asked.set(name, value);
	return `/audit-logs?${asked}`;
}

// A text that is a filter a moment after the last key; what is set from elsewhere is taken over.
function TextFilter({name, value, error}) {
	const [text, setText] = useState(value);
	const timer = useRef(0);

	useEffect(() => setText((typed) => typed.trim() === value ? typed : value), [value]);
	useEffect(() => () => clearTimeout(timer.current), []);
	const type = (event) => {
		const typed = event.target.value;
		setText(typed);
		clearTimeout(timer.current);
		timer.current = setTimeout(() => setQuery({[name]: typed.trim() || null, before: null}, {replace: true}), TYPING_MS);
	};
	return html`<${Field} label=${t(`audit.filter.${name}`)} type=${name === 'q' ? 'search' : 'text'} value=${text} onInput=${type}
		error=${error} maxlength="100" autocomplete="off" spellcheck=${false} />`;
}

function TimeFilter({name, value, error}) {
	const pick = (event) => setQuery({[name]: utc(event.target.value), before: null}, {replace: true});
	return html`<${Field} label=${t(`audit.filter.${name}`)} type="datetime-local" value=${local(value)} onChange=${pick} error=${error} />`;
}

function Filters({query, problem}) {
	const value = (name) => query.get(name) ?? '', error = (name) => problem?.errors.find((e) => e.pointer === name)?.detail;
	const clear = () => setQuery(Object.fromEntries([...FILTERS, 'before'].map((name) => [name, null])));
	return html`
		<form class="filters" role="search" aria-label=${t('audit.filters')} onSubmit=${(event) => event.preventDefault()}>
			${TEXTS.map((name) => html`<${TextFilter} key=${name} name=${name} value=${value(name)} error=${error(name)} />`)}
			${TIMES.map((name) => html`<${TimeFilter} key=${name} name=${name} value=${value(name)} error=${error(name)} />`)}
			${hasFilter(query) && html`<button type="button" onClick=${clear}>${t('audit.clear')}</button>`}
		</form>`;
}

function Entries({query, live, data}) {
	const {error} = live, before = query.get('before');
	if (error && (!data || error.status === 422)) return html`<${ErrorCard} problem=${error} />`;
	if (!data) return html`<${Skeleton} rows=${8} />`;
	if (!data.length && hasFilter(query)) return html`<div class="card"><${Empty} title=${t('audit.none.match')} text=${t('audit.none.match.text')} /></div>`;
	if (!data.length) return html`<div class="card"><${Empty} title=${t('audit.none')} text=${t('audit.none.text')} /></div>`;
	const to = (id) => {
		const next = new URLSearchParams(query);
		if (id) next.set('before', id);
		else next.delete('before');
		return `#/audit?${next}`;
	};
	return html`
		<${AuditTable} entries=${data} />
		<nav class="pager" aria-label=${t('audit.pages')}>
			<span class="muted">${t(before ? 'audit.older_page' : 'audit.newest_page', {n: data.length})}</span>
			${before && html`<a class="button" href=${to(null)}>${t('audit.newest')}</a>`}
			${data.length === LIMIT && html`<a class="button" rel="next" href=${to(data.at(-1).id)}>${t('audit.older')}</a>`}
		</nav>`;
}

function Log() {
	const {query} = route.value;
	const path = apiPath(query, {before: query.get('before'), limit: String(LIMIT)});
	const live = useLive(path, {interval: SLOW_MS});
	const last = useRef(null);	// stays until the new answer is there, so that nothing flickers while one types
	if (live.data) last.current = live.data;
	const csv = apiPath(query, {format: 'csv'});
	return html`
		<header class="row apart">
			<h1 tabindex="-1">${t('audit.title')}</h1>
			<div class="row">
				<a class="button" href=${`/api/v1${csv}`} download="audit-log.csv">${t('audit.csv')}</a>
				<${CopyButton} text=${asCurl('GET', path)} label=${t('copy.curl')} />
			</div>
		</header>
		<p class="muted">${t('audit.text')}</p>
		<${Filters} query=${query} problem=${live.error} />
		<${Entries} query=${query} live=${live} data=${last.current} />`;
}

function Refused() {
	return html`
		<h1 tabindex="-1">${t('audit.title')}</h1>
		<div class="card"><${Empty} title=${t('audit.refused')} text=${t('audit.refused.text', {role: term('role', me.value?.role), tenant: me.value?.tenant?.name})}>
			<a class="button" href="#/stores">${t('notfound.back')}</a>
		<//></div>`;
}

export default function AuditPage() {
	usePage(t('audit.title'));
	return html`<div class="page audit">${can('admin') ? html`<${Log} />` : html`<${Refused} />`}</div>`;
}
