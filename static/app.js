// The start, and what is around every page: header, banners, dialogs. Pages other than the first come when asked for.
import {html, later, lazy, render, signal, useEffect, useState} from './html.js';
import {get, hooks} from './api.js';
import {me, recall, signedOut, endsAt, stay, can, chooseTenant, signOut} from './session.js';
import {connection} from './live.js';
import {forgetTab, prefs, setPref} from './prefs.js';
import {route, go} from './router.js';
import {clock} from './format.js';
import {load, t} from './i18n.js';
import {Logo, Menu, toast, Toasts} from './ui/parts.js';

const PAGES = {
	'stores': lazy(() => import('./pages/stores.js')),
	'new-store': later(() => import('./pages/new-store.js')),
	'store': later(() => import('./pages/store.js')),
	'observability': later(() => import('./pages/observability.js')),
	'audit': later(() => import('./pages/audit.js')),
	'account': later(() => import('./pages/account.js')),
	'not-found': later(() => import('./pages/not-found.js')),
};
const SignIn = lazy(() => import('./pages/sign-in.js'));
const SignInDialog = later(() => import('./ui/sign-in-dialog.js'));
const DIALOGS = {
	help: later(() => import('./ui/keys-help.js')),
	palette: later(() => import('./ui/palette.js')),
};

const NAV = [
	{text: 'nav.stores', href: '#/stores', pages: ['stores', 'store', 'new-store']},
	{text: 'nav.observability', href: '#/observability', pages: ['observability']},
	{text: 'nav.audit', href: '#/audit', pages: ['audit'], role: 'admin'},
	{text: 'nav.account', href: '#/account', pages: ['account']},
];
const THEMES = {auto: {next: 'light', shape: '◐'}, light: {next: 'dark', shape: '○'}, dark: {next: 'auto', shape: '●'}};
const STATES = {live: '●', reconnecting: '◌', stale: '▲'};

const failure = signal(null);	// why it is not known who is there
const dialog = signal(null);	// a name of DIALOGS, or null
const newer = signal(false);	// the server is of another version than this page
let version = null;

hooks.version = (seen) => {
	version ??= seen;
	newer.value = seen !== version;
};

const open = (name) => () => {
	dialog.value = name;
};

function Connection() {
	const {state, since} = connection.value;
	const text = state === 'stale' && !since ? t('live.never') : t(`live.${state}`, {time: since && clock(since)});
	return html`<span class="chip" data-state=${state} role="status">
		<span class="shape" aria-hidden="true">${STATES[state]}</span><span class="word">${text}</span></span>`;
}

function ThemeSwitch() {
	const {next, shape} = THEMES[prefs.value.theme];
	const label = t(`shell.theme.${prefs.value.theme}`);
	return html`<button type="button" class="quiet icon" title=${label} aria-label=${label} onClick=${() => setPref('theme', next)}>
		<span aria-hidden="true">${shape}</span></button>`;
}

// A platform administrator may work for every tenant, others for those that have them as members.
function useTenants() {
	const {user, tenants} = me.value;
	const [all, setAll] = useState(null);
	useEffect(() => {
		if (user.platform_admin) get('/tenants', {poll: true}).then(({data}) => setAll(data), () => {});
	}, []);
	return all ?? tenants;
}

function TenantSwitch() {
	const tenants = useTenants();
	const {name} = me.value.tenant;
	if (tenants.length < 2) return html`<span class="who" title=${t('shell.tenant.only', {name})}><span>${name}</span></span>`;
	const change = async (to) => {
		try {
			await chooseTenant(to);
			go('#/stores');
			toast(t('shell.tenant.now', {name: to}));
		} catch (problem) {
			toast(problem.detail, {kind: 'error'});
		}
	};
	const items = tenants.map((one) => one.name === name
		? {label: t('shell.tenant.current', {name}), action() {}}
		: {label: one.name, action: () => change(one.name)});
	return html`<span class="who"><${Menu} label=${t('shell.tenant', {name})} items=${items}><span>${name}</span> <span aria-hidden="true">▾</span><//></span>`;
}

async function leave() {
	try {
		await signOut();
		forgetTab();
		go('#/sign-in');
	} catch (problem) {
		toast(problem.detail, {kind: 'error'});
	}
}

function Header({page}) {
	const {email} = me.value.user;
	const items = [
		{label: email, href: '#/account'},
		{label: t('shell.palette'), action: open('palette')},
		{label: t('shell.keys'), action: open('help')},
		{label: t('shell.signout'), action: leave},
	];
	return html`<header class="top"><div>
		<a class="brand" href="#/stores"><${Logo}/>
			<span>${t('app.name')}</span></a>
		<nav aria-label=${t('nav.label')}>${NAV.filter(({role}) => !role || can(role)).map(({text, href, pages}) => html`
			<a key=${href} href=${href} aria-current=${pages.includes(page) ? 'page' : undefined}>${t(text)}</a>`)}</nav>
		<${Connection}/>
		<${TenantSwitch}/>
		<${ThemeSwitch}/>
		<${Menu} label=${t('shell.user', {email})} items=${items}><span aria-hidden="true">☰</span><//>
	</div></header>`;
}

function Banners() {
	return html`<div role="status">
		${newer.value && html`<div class="banner">${t('app.version')}
			<button type="button" class="small" onClick=${() => location.reload()}>${t('app.reload')}</button></div>`}
		${endsAt.value && !signedOut.value && html`<div class="banner" data-kind="warn">
			${t('session.ends', {time: clock(endsAt.value)})}
			<button type="button" class="small" onClick=${() => stay().catch(() => {})}>${t('session.stay')}</button></div>`}
	</div>`;
}

// The hash is the router's, so the skip link's own jump is made here.
function skip(event) {
	event.preventDefault();
	document.getElementById('main').focus();
}

// Shortcuts come with the first key that is pressed, which counts already.
function useKeys() {
	useEffect(() => {
		let stop = null;
		const first = async (event) => {
			const {listen} = await import('./keys.js');
			stop ??= listen({help: open('help'), palette: open('palette'), first: event});
		};
		document.addEventListener('keydown', first, {once: true});
		return () => {
			document.removeEventListener('keydown', first);
			stop?.();
		};
	}, []);
}

function Shell() {
	useKeys();
	const {page, id} = route.value;
	const Page = PAGES[page] ?? PAGES.stores;
	useEffect(() => {
		if (page === 'sign-in') go('#/stores', {replace: true});
	}, [page]);
	const Open = DIALOGS[dialog.value];
	return html`
		<a class="skip button" href="#main" onClick=${skip}>${t('app.skip')}</a>
		<${Header} page=${page}/>
		<${Banners}/>
		<main id="main" tabindex="-1"><${Page} key=${`${page} ${id ?? ''} ${me.value.user.id} ${me.value.tenant.id}`}/></main>
		<${Toasts}/>
		${Open && html`<${Open} key=${dialog.value} onClose=${open(null)}/>`}
		${signedOut.value && html`<${SignInDialog}/>`}`;
}

async function start() {
	failure.value = null;
	await recall().catch((problem) => {
		failure.value = problem;
	});
}

function App() {
	if (failure.value) {
		return html`<main class="empty" role="alert">
			<h1>${t('app.failed')}</h1>
			<p>${failure.value.detail}</p>
			<button type="button" class="primary" onClick=${start}>${t('app.retry')}</button>
		</main>`;
	}
	if (me.value === undefined) return null;
	return me.value ? html`<${Shell}/>` : html`<${SignIn}/>`;
}

await Promise.all([load(), start()]);
document.body.replaceChildren();	// what said that it is being loaded
render(html`<${App}/>`, document.body);
