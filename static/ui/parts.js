// The small components that nearly every page shows. One file, as they are loaded together at the start.
import {html, signal, useEffect, useId, useRef, useState} from '../html.js';
import {t, known} from '../i18n.js';
import {relative, absolute} from '../format.js';

export const Logo = () => html`<svg viewBox="0 0 20 20" aria-hidden="true"><path fill="currentColor" d="M2 3h16l1 5a3 3 0 0 1-2 3v7h-5v-5H8v5H3v-7a3 3 0 0 1-2-3z"/></svg>`;

// A store's status as shape, text and colour: each of the three is enough.
const STATUS_SHAPES = {
	ready: '●', requested: '○', provisioning: '◐', deleting: '◌', suspended: '‖', degraded: '▲', failed: '✕',
};

export const STATUSES = ['failed', 'degraded', 'deleting', 'provisioning', 'requested', 'suspended', 'ready'];	// by urgency
export const statusText = (status) => known(`status.${status}`) ? t(`status.${status}`) : status ?? t('status.unknown');

export function StatusBadge({status}) {
	return html`<span class="badge" data-status=${status ?? 'unknown'}>
		<span class="shape" aria-hidden="true">${STATUS_SHAPES[status] ?? '?'}</span>${statusText(status)}
	</span>`;
}

// A moment: relative for reading, absolute in the tooltip; all of them tick together.
const TICK_MS = 5000;
export const tick = signal(0);
setInterval(() => document.hidden || (tick.value += 1), TICK_MS);

export function Time({at}) {
	tick.value;	// read, so that the text is made anew
	if (!at) return null;
	return html`<time datetime=${at} title=${absolute(at)}>${relative(at)}</time>`;
}

// A button that copies a text and says so; always visible. text may be a function (a secret that is not in the page).
const SAID_MS = 2000;

export function CopyButton({text, label, name}) {
	const [result, setResult] = useState(null);
	useEffect(() => {
		if (!result) return undefined;
		const timer = setTimeout(() => setResult(null), SAID_MS);
		return () => clearTimeout(timer);
	}, [result]);
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(typeof text === 'function' ? await text() : text);
			setResult('copy.done');
		} catch {
			setResult('copy.failed');
		}
	};
	return html`<button type="button" class="quiet small copy" onClick=${copy} aria-label=${name ? t('copy.name', {name}) : undefined}>
		<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.4">
			<path d=${result === 'copy.done' ? 'm3 8.5 3.5 3.5L13 4.5' : 'M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3'}/></svg>
		<span aria-live="polite">${result ? t(result) : label ?? t('copy.copy')}</span>
	</button>`;
}

// The shape of what is being loaded; says so to readers that see no shapes.
export function Skeleton({rows = 4}) {
	return html`<div class="skeleton" role="status">
		<span class="sr-only">${t('loading')}</span>
		${Array.from({length: rows}, (_, i) => html`<div key=${i} aria-hidden="true"></div>`)}
	</div>`;
}

// Previous and next of a list that is paged by cursors. next, previous: an href or null.
const toTop = () => document.querySelector('main h1')?.focus();
const step = (href, text, rel) => href
	? html`<a class="button" rel=${rel} href=${href} onClick=${toTop}>${text}</a>`
	: html`<span class="button" aria-disabled="true">${text}</span>`;

export function Pager({previous, next, children}) {
	return html`<nav class="pager" aria-label=${t('pager.label')}>
		<span class="muted">${children}</span>
		${(previous || next) && html`${step(previous, t('pager.previous'), 'prev')}${step(next, t('pager.next'), 'next')}`}
	</nav>`;
}

// The cursor in a Link header's rel, or null.
export function cursorOf(headers, rel = 'next') {
	const link = (headers?.get('Link') ?? '').split(/,\s*(?=<)/).find((one) => one.includes(`rel="${rel}"`));
	const target = /<([^>]*)>/.exec(link ?? '')?.[1];
	return target ? new URL(target, location.origin).searchParams.get('cursor') : null;
}

// A button with a list of actions. items: [{label, href | action, danger, disabled: reason, external}].
const MOVES = {ArrowDown: (at, n) => (at + 1) % n, ArrowUp: (at, n) => (at - 1 + n) % n, Home: () => 0, End: (_, n) => n - 1};

export function Menu({label, children, items, quiet = true}) {
	const [open, setOpen] = useState(false);
	const root = useRef(null);
	const id = useId();
	const controls = () => [...root.current.querySelectorAll('[role=menuitem]')];
	const close = (refocus) => {
		setOpen(false);
		if (refocus) root.current.querySelector('button').focus();
	};
	useEffect(() => {
		if (!open) return undefined;
		controls()[0]?.focus();
		const outside = (event) => root.current.contains(event.target) || close(false);
		document.addEventListener('pointerdown', outside);
		return () => document.removeEventListener('pointerdown', outside);
	}, [open]);
	const keys = (event) => {
		if (!open) return;
		const all = controls();
		if (event.key === 'Escape') close(true);
		else if (event.key === 'Tab') return close(false);
		else if (MOVES[event.key]) all[MOVES[event.key](all.indexOf(document.activeElement), all.length)].focus();
		else return;
		event.preventDefault();
		event.stopPropagation();
	};
	return html`<div class="menu" ref=${root} onKeyDown=${keys}>
		<button type="button" class=${quiet ? 'quiet icon' : ''} aria-haspopup="menu" aria-expanded=${String(open)} aria-controls=${id}
			aria-label=${label} onClick=${() => setOpen(!open)}>${children ?? '⋯'}</button>
		<div id=${id} role="menu" aria-label=${label} hidden=${!open}>
			${open && items.filter(Boolean).map((item) => html`<${Item} item=${item} close=${close}/>`)}
		</div>
	</div>`;
}

function Item({item, close}) {
	const {label, href, action, danger, disabled, external} = item;
	const body = html`<span>${label}</span>${disabled && html`<span class="hint">${disabled}</span>`}`;
	if (href && !disabled) {
		return html`<a role="menuitem" tabindex="-1" href=${href} target=${external ? '_blank' : undefined}
			rel=${external ? 'noopener' : undefined} onClick=${() => close(false)}>${body}</a>`;
	}
	const run = () => {
		if (disabled) return;
		close(true);
		action();
	};
	return html`<button type="button" role="menuitem" tabindex="-1" class=${danger ? 'danger' : ''}
		aria-disabled=${disabled ? 'true' : undefined} onClick=${run}>${body}</button>`;
}

// Short news in the corner. Good news goes by itself, slower when somebody is over it; errors stay until dismissed.
const TOAST_MS = 8000;
const MOST = 4;
const toasts = signal([]);
let last = 0;

const drop = (id) => {
	toasts.value = toasts.value.filter((one) => one.id !== id);
};

// kind: 'done' or 'error'; href makes the text a link to what it is about.
export function toast(text, {href = null, kind = 'done'} = {}) {
	const id = ++last;
	toasts.value = [...toasts.value, {id, text, href, kind}].slice(-MOST);
	if (kind !== 'error') expire(id);
}

function expire(id) {
	setTimeout(() => {
		if (document.querySelector('.toasts:hover, .toasts:focus-within')) expire(id);
		else drop(id);
	}, TOAST_MS);
}

export function Toasts() {
	return html`<div class="toasts" role="region" aria-label=${t('toast.region')}>
		${toasts.value.map(({id, text, href, kind}) => html`
			<div key=${id} class="toast" data-kind=${kind} role=${kind === 'error' ? 'alert' : 'status'}>
				<span class="shape" aria-hidden="true">${kind === 'error' ? '✕' : '✓'}</span>
				<span>${href ? html`<a href=${href}>${text}</a>` : text}</span>
				<button type="button" class="quiet icon" aria-label=${t('toast.dismiss')} onClick=${() => drop(id)}>✕</button>
			</div>`)}
	</div>`;
}
