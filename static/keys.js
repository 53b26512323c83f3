// Keyboard shortcuts. Single keys do nothing while one types, while a dialog is open, or when switched off.
import {go} from './router.js';
import {prefs} from './prefs.js';
import {can} from './session.js';

const THEN_MS = 1200;	// for the second key of "g s"
const GOES = {s: '#/stores', o: '#/observability', a: '#/audit'};
const TYPING = 'input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]';

export const SHORTCUTS = [
	{keys: ['?'], text: 'keys.help'},
	{keys: ['g', 's'], text: 'keys.stores'},
	{keys: ['g', 'o'], text: 'keys.observability'},
	{keys: ['g', 'a'], text: 'keys.audit'},
	{keys: ['/'], text: 'keys.search'},
	{keys: ['c'], text: 'keys.create'},
	{keys: ['j', 'k'], text: 'keys.rows', either: true},
	{keys: ['Enter'], text: 'keys.open'},
	{keys: ['Esc'], text: 'keys.close'},
	{keys: ['Ctrl', 'K'], text: 'keys.palette', held: true},
];

function search() {
	const box = document.querySelector('[data-search]');
	if (box) box.focus();
	else go('#/stores');
}

function row(step) {
	const rows = [...document.querySelectorAll('[data-row]')];
	const at = rows.findIndex((one) => one.closest('tr').contains(document.activeElement));
	rows[Math.min(Math.max(at < 0 ? 0 : at + step, 0), rows.length - 1)]?.focus();
}

const ACTIONS = {
	'/': search,
	c: () => can('operator') && go('#/stores/new'),
	j: () => row(1),
	k: () => row(-1),
};

// Calls help() and palette(), also for the key that is the first; returns what takes the listener away.
export function listen({help, palette, first: pressedFirst}) {
	let first = 0;	// when g was pressed
	const single = (event) => {
		const chord = event.timeStamp - first < THEN_MS;
		first = event.key === 'g' ? event.timeStamp : -Infinity;
		if (chord && GOES[event.key]) go(GOES[event.key]);
		else if (event.key === '?') help();
		else if (ACTIONS[event.key]) ACTIONS[event.key]();
		else return;
		event.preventDefault();
	};
	const pressed = (event) => {
		if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
		if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
			event.preventDefault();
			palette();
		} else if (prefs.value.keys && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest?.(TYPING)) {
			single(event);
		}
	};
	document.addEventListener('keydown', pressed);
	pressed(pressedFirst);
	return () => document.removeEventListener('keydown', pressed);
}
