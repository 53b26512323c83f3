// Where one is, from the hash of the URL: it works below any prefix on any web server.
import {signal, useEffect} from './html.js';
import {t} from './i18n.js';

const PATHS = {
	'': 'stores',
	'sign-in': 'sign-in',
	'stores': 'stores',
	'stores/new': 'new-store',
	'observability': 'observability',
	'audit': 'audit',
	'account': 'account',
};
const STORE = /^stores\/([0-9a-f-]{36})$/i;

export function parse(hash) {
	const [path, query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
	const name = path.replace(/\/$/, '');
	const store = STORE.exec(name);
	const page = store ? 'store' : Object.hasOwn(PATHS, name) ? PATHS[name] : 'not-found';
	return {page, id: store ? store[1].toLowerCase() : null, query: new URLSearchParams(query)};
}

export const route = signal(parse(globalThis.location?.hash ?? ''));

// How far down one was is kept with the entry of the history, for Back.
let down = 0;
const keep = () => history.replaceState({...history.state, down: scrollY}, '');
globalThis.addEventListener?.('scrollend', (event) => event.target === document && keep());

function follow() {
	down = history.state?.down ?? 0;
	route.value = parse(location.hash);
}
globalThis.addEventListener?.('hashchange', follow);

export function go(hash, {replace = false} = {}) {
	if (!replace) {
		location.hash = hash;
		return;
	}
	history.replaceState(history.state, '', hash);
	follow();
}

// This page's address with some of the query's parameters changed; null or '' takes one away.
export function withQuery(changes) {
	const query = new URLSearchParams(route.value.query);
	for (const [name, value] of Object.entries(changes)) {
		if (value === null || value === '') query.delete(name);
		else query.set(name, value);
	}
	const path = location.hash.split('?')[0] || '#/stores';
	const text = query.toString();
	return text ? `${path}?${text}` : path;
}

export const setQuery = (changes, options) => go(withQuery(changes), options);

let shown = false;	// the first page leaves the focus to the browser

// What each page calls: names the tab, and moves the focus to the heading after a navigation.
export function usePage(title) {
	useEffect(() => {
		document.title = t('app.title', {page: title});
	}, [title]);
	useEffect(() => {
		if (shown) {
			document.querySelector('main h1')?.focus({preventScroll: true});
			scrollTo(0, down);
		}
		shown = true;
	}, []);
}
