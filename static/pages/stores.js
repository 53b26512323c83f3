// The list of stores. Filters, order and page are the URL's; the server filters, sorts and pages.
import {html, lazy, useEffect, useMemo, useRef, useState} from '../html.js';
import {asCurl} from '../api.js';
import {keepInTab, recallTab} from '../prefs.js';
import {can} from '../session.js';
import {useLive} from '../live.js';
import {go, route, usePage, withQuery} from '../router.js';
import {t} from '../i18n.js';
import {StoresTable} from './stores-table.js';
import {StatusBadge, STATUSES, statusText, CopyButton, Pager, cursorOf, Skeleton} from '../ui/parts.js';

const LIMIT = 50;
const DEBOUNCE_MS = 200;
const FILTERS = ['status', 'engine', 'q'];
const SORTS = ['urgency', 'name', '-name', '-changed_at', 'changed_at', '-created_at', 'created_at'];
const ErrorCard = lazy(() => import('../ui/error-card.js').then((m) => m.ErrorCard));
const NoStores = lazy(() => import('./stores-none.js'));

// What the URL asks for, as a path of the API. What it names wrongly the server refuses in words.
function pathOf(query) {
	const asked = new URLSearchParams({limit: LIMIT, sort: query.get('sort') ?? SORTS[0]});
	for (const name of [...FILTERS, 'cursor']) if (query.get(name)) asked.set(name, query.get(name));
	return `/stores?${asked}`;
}

// Any change but of the cursor begins at the first page.
const hrefOf = (changes) => withQuery({cursor: null, ...changes});

// A Link header leads forth only, so the way back is remembered: a page's address -> that of the page before.
const WAYS = 'pages';
const WAYS_MOST = 200;
function remember(next, here) {
	const ways = recallTab(WAYS) ?? {};
	if (ways[next] !== here) keepInTab(WAYS, Object.fromEntries([...Object.entries(ways), [next, here]].slice(-WAYS_MOST)));
}
const before = (here) => (recallTab(WAYS) ?? {})[here] ?? hrefOf({});

// While another list is on its way the former one stays to be seen.
function useList(path) {
	const live = useLive(path);
	const last = useRef(null);
	if (live.data) last.current = {data: live.data, headers: live.headers};
	const switching = !live.data && !live.error && last.current !== null;
	return switching ? {...live, ...last.current, switching} : {...live, switching};
}

// A server that is away is the connection chip's to tell while there is something to be seen; an ended session a dialog's.
const telling = ({error, data}) => error && error.status !== 401 && (!data || (error.status >= 400 && error.status < 500));

function HealthBar({summary, query}) {
	const chosen = (query.get('status') ?? '').split(',').filter(Boolean);
	const present = STATUSES.filter((status) => summary.by_status[status] > 0 || chosen.includes(status));
	const toggled = (status) => chosen.includes(status) ? chosen.filter((one) => one !== status) : [...chosen, status];
	return html`<nav class="health" aria-label=${t('stores.health')}>
		<div class="bar" aria-hidden="true">
			${present.map((status) => html`<a key=${status} tabindex="-1" data-status=${status} title=${statusText(status)}
				href=${hrefOf({status})} style=${{flexGrow: summary.by_status[status]}}></a>`)}
		</div>
		<ul class="row">
			<li><a class="filter" href=${hrefOf({status: null})} aria-current=${chosen.length === 0 ? 'true' : undefined}>
				${t('stores.health.clear')} <b>${summary.total}</b></a></li>
			${present.map((status) => html`<li key=${status}>
				<a class="filter" href=${hrefOf({status: toggled(status).join(',')})} aria-current=${chosen.includes(status) ? 'true' : undefined}>
					<${StatusBadge} status=${status}/> <b>${summary.by_status[status]}</b></a></li>`)}
		</ul>
	</nav>`;
}

// Typing waits for a pause; the list asked for before is given up by its channel.
function Search({query}) {
	const wanted = query.get('q') ?? '';
	const [text, setText] = useState(wanted);
	const timer = useRef(null);
	useEffect(() => {
		if (!timer.current) setText(wanted);
	}, [wanted]);
	const apply = (value) => {
		timer.current = null;
		go(hrefOf({q: value.trim().toLowerCase()}), {replace: true});
	};
	const typed = (value, wait = DEBOUNCE_MS) => {
		setText(value);
		clearTimeout(timer.current);
		timer.current = setTimeout(apply, wait, value);
	};
	useEffect(() => () => clearTimeout(timer.current), []);
	return html`<input type="search" class="search" data-search aria-label=${t('stores.search')} placeholder=${t('stores.search.placeholder')}
		autocomplete="off" autocapitalize="off" spellcheck=${false} maxlength="50" value=${text}
		onInput=${(event) => typed(event.target.value)} onKeyDown=${(event) => event.key === 'Escape' && text && typed('', 0)}/>`;
}

function EngineFilter({engines, query}) {
	const chosen = query.get('engine') ?? '';
	const names = [...new Set([...Object.keys(engines), chosen])].filter(Boolean).sort();
	if (names.length < 2 && !chosen) return null;
	return html`<select aria-label=${t('stores.engine')} value=${chosen} onChange=${(e) => go(hrefOf({engine: e.target.value}))}>
		<option value="">${t('stores.engine.all')}</option>
		${names.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
	</select>`;
}

// Headers sort where there are any; cards of a narrow screen have none.
function SortChoice({query}) {
	return html`<select class="narrow" aria-label=${t('stores.sort')} value=${query.get('sort') ?? SORTS[0]}
		onChange=${(e) => go(hrefOf({sort: e.target.value}))}>
		${SORTS.map((sort) => html`<option key=${sort} value=${sort}>${t(`stores.sort.${sort}`)}</option>`)}
	</select>`;
}

function Listing({list, query, path}) {
	const {data, headers, error, switching} = list;
	const filtered = FILTERS.some((name) => query.get(name));
	const cursor = query.get('cursor');
	const found = cursorOf(headers);
	const next = found && !switching ? hrefOf({cursor: found}) : null;
	const here = withQuery({});
	useEffect(() => {
		if (next) remember(next, here);
	}, [next, here]);
	if (data.length === 0 && !cursor) return html`<${NoStores} filtered=${filtered} clear=${hrefOf({status: null, engine: null, q: null})}/>`;
	return html`
		<div class="card table" aria-busy=${switching ? 'true' : undefined}>
			<${StoresTable} key=${switching ? undefined : path} rows=${data} query=${query} refresh=${list.refresh}/>
		</div>
		<${Pager} previous=${cursor ? before(here) : null} next=${next}>
			${t('stores.page', {n: data.length, total: Number(headers.get('X-Total-Count'))})}
			${' '}<${CopyButton} text=${asCurl('GET', path)} label=${t('copy.curl')}/>
		<//>`;
}

export default function Stores() {
	usePage(t('stores.title'));
	const {query} = route.value;
	const path = useMemo(() => pathOf(query), [query]);
	const list = useList(path);
	const summary = useLive('/stores/summary').data;
	return html`<div class="page stores">
		<div class="row apart">
			<div class="row"><h1 tabindex="-1">${t('stores.title')}</h1>
				${summary && html`<span class="muted">${t('stores.quota', {stores: summary.total, most: summary.max_stores})}</span>`}</div>
			<a class=${can('operator') ? 'button primary' : 'button'} href="#/stores/new">${t('stores.new')}</a>
		</div>
		${summary?.total > 0 && html`
			<${HealthBar} summary=${summary} query=${query}/>
			<div class="row tools">
				<${Search} query=${query}/>
				<${EngineFilter} engines=${summary.by_engine} query=${query}/>
				<${SortChoice} query=${query}/>
			</div>`}
		${telling(list) && html`<${ErrorCard} problem=${list.error} what=${t('stores.failed')}>
			<button type="button" onClick=${list.refresh}>${t('app.retry')}</button><//>`}
		${list.data ? html`<${Listing} list=${list} query=${query} path=${path}/>`
			: !list.error && html`<div class="card table" aria-busy="true"><${Skeleton} rows=${6}/></div>`}
	</div>`;
}
