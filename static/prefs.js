// What this browser remembers: the theme, whether single keys are shortcuts, and what pages keep for a tab.
import {signal, effect} from './html.js';

const PREFIX = 'storeward.';
const NAME = 'prefs';
const THEMES = ['auto', 'light', 'dark'];

// Storage may be full, forbidden or edited by hand: then nothing is remembered, and everything still works.
function read(storage, name) {
	try {
		return JSON.parse(globalThis[storage].getItem(PREFIX + name));
	} catch {
		return null;
	}
}

function write(storage, name, value) {
	try {
		globalThis[storage].setItem(PREFIX + name, JSON.stringify(value));
	} catch {
		// As above.
	}
}

export const recallTab = (name) => read('sessionStorage', name);
export const keepInTab = (name, value) => write('sessionStorage', name, value);

// Drafts and such are not for whoever signs in next.
export function forgetTab() {
	try {
		for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
	} catch {
		// As above.
	}
}

// Tabs have one cookie: whose it is now is told to the others, and heard from them.
const WHOSE = 'whose';
export const tellTabs = (whose) => write('localStorage', WHOSE, whose);
export const hearTabs = (told) => globalThis.addEventListener?.('storage', ({key}) => key === PREFIX + WHOSE && told());

const {theme, keys} = read('localStorage', NAME) ?? {};
export const prefs = signal({theme: THEMES.includes(theme) ? theme : 'auto', keys: keys !== false});

export function setPref(name, value) {
	prefs.value = {...prefs.value, [name]: value};
	write('localStorage', NAME, prefs.value);
}

effect(() => {
	document.documentElement.dataset.theme = prefs.value.theme;
});
