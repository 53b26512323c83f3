// Ctrl-K: pages, actions and stores by name; a combobox over a listbox, stores searched by the server.
import {html, useEffect, useId, useMemo, useRef, useState} from '../html.js';
import {get} from '../api.js';
import {can} from '../session.js';
import {go} from '../router.js';
import {t} from '../i18n.js';
import {Dialog} from './dialog.js';
import {StatusBadge} from './parts.js';

const DEBOUNCE_MS = 200;
const MOST_STORES = 8;
const TARGETS = [
	{kind: 'palette.page', text: 'nav.stores', href: '#/stores'},
	{kind: 'palette.page', text: 'nav.observability', href: '#/observability'},
	{kind: 'palette.page', text: 'nav.audit', href: '#/audit', role: 'admin'},
	{kind: 'palette.page', text: 'nav.account', href: '#/account'},
	{kind: 'palette.action', text: 'stores.new', href: '#/stores/new', role: 'operator'},
];

// The stores whose names have the text; the former request is given up.
function useStores(text) {
	const [stores, set] = useState([]);
	useEffect(() => {
		const ended = new AbortController();
		const timer = setTimeout(() => {
			const query = new URLSearchParams({limit: MOST_STORES, sort: 'name', ...(text && {q: text})});
			get(`/stores?${query}`, {signal: ended.signal}).then(({data}) => set(data), () => ended.signal.aborted || set([]));
		}, DEBOUNCE_MS);
		return () => {
			clearTimeout(timer);
			ended.abort();
		};
	}, [text]);
	return stores;
}

function useOptions(text) {
	const stores = useStores(text.trim().toLowerCase());
	return useMemo(() => {
		const wanted = text.trim().toLowerCase();
		const targets = TARGETS.filter(({role}) => !role || can(role))
			.map((one) => ({...one, title: t(one.text), aside: t(one.kind)}))
			.filter(({title}) => title.toLowerCase().includes(wanted));
		const found = stores.map((s) => ({href: `#/stores/${s.id}`, title: s.name, aside: html`<${StatusBadge} status=${s.status}/>`}));
		return [...targets, ...found];
	}, [text, stores]);
}

export default function Palette({onClose}) {
	const [text, setText] = useState('');
	const [at, setAt] = useState(0);
	const id = useId();
	const list = useRef(null);
	const options = useOptions(text);
	const active = Math.min(at, options.length - 1);
	useEffect(() => {
		list.current?.children[active]?.scrollIntoView({block: 'nearest'});
	}, [active]);
	const choose = (option) => {
		onClose();
		if (option) go(option.href);
	};
	const keys = (event) => {
		if (event.key === 'ArrowDown') setAt((active + 1) % options.length);
		else if (event.key === 'ArrowUp') setAt((active - 1 + options.length) % options.length);
		else if (event.key === 'Enter') choose(options[active]);
		else return;
		event.preventDefault();
	};
	return html`<${Dialog} title=${t('palette.title')} onClose=${onClose} wide>
		<input role="combobox" aria-label=${t('palette.label')} placeholder=${t('palette.label')} autofocus autocomplete="off" spellcheck=${false}
			aria-expanded="true" aria-controls=${id} aria-autocomplete="list" aria-activedescendant=${active >= 0 ? `${id}-${active}` : undefined}
			value=${text} onKeyDown=${keys} onInput=${(event) => {
				setText(event.target.value);
				setAt(0);
			}}/>
		<p class="sr-only" role="status">${t('palette.count', {n: options.length})}</p>
		<ul class="palette" role="listbox" id=${id} ref=${list} aria-label=${t('palette.label')}>
			${options.map((option, i) => html`
				<li key=${option.href} id="${id}-${i}" role="option" aria-selected=${String(i === active)}
					onMouseMove=${() => setAt(i)} onClick=${() => choose(option)}><span>${option.title}</span><span class="muted">${option.aside}</span></li>`)}
		</ul>
		${options.length === 0 && html`<p class="muted">${t('palette.none')}</p>`}
	<//>`;
}
