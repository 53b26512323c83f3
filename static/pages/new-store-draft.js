// The draft of a new store, kept for this tab, and the key that makes sending it again harmless.
import {useState} from '../html.js';
import {keepInTab, recallTab} from '../prefs.js';
import {me} from '../session.js';

const EMPTY = {engine: null, plan: null, name: '', policy: 'destroy'};
const nameOf = () => `draft.${me.value.user.id}.${me.value.tenant.id}`;
const save = (draft) => keepInTab(nameOf(), draft);

function newKey() {
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function useDraft() {
	const [draft, set] = useState(() => ({...EMPTY, key: newKey(), ...recallTab(nameOf())}));
	const change = (some) => set((before) => {
		const after = {...before, ...some};
		save(after);
		return after;
	});
	return [draft, change];
}

// Another body is another wish and wants another key; the same body after a lost answer the same one.
export function keyOf(draft, body) {
	const text = JSON.stringify(body);
	if (draft.sent !== undefined && draft.sent !== text) draft.key = newKey();
	draft.sent = text;
	save(draft);
	return draft.key;
}

export const forgetDraft = () => save(null);
