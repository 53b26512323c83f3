// Who is signed in, for which tenant, and for how long.
import {signal, batch} from './html.js';
import {get, post, patch, del, hooks, now} from './api.js';
import {hearTabs, tellTabs} from './prefs.js';

const ROLES = ['viewer', 'operator', 'admin', 'owner'];
const WARN_MS = 120 * 1000;
const TIMER_MAX_MS = 2 ** 31 - 1;

export const me = signal(undefined);	// undefined: not known yet; null: signed out; else what GET /me says
export const signedOut = signal(false);	// in the middle of work: the page stays, a dialog asks to sign in again
export const endsAt = signal(null);	// the Date at which the session ends, while a warning of it is due

hooks.unauthorized = () => {
	if (me.value) signedOut.value = true;
};

export const can = (role) => ROLES.indexOf(me.value?.role) >= ROLES.indexOf(role);

let timer;
function accept(data) {
	batch(() => {
		me.value = data;
		signedOut.value = false;
		endsAt.value = null;
	});
	watch();
	tellTabs([data.session?.id, data.tenant?.id]);
}

// Looks again shortly before the end as it is known here: other requests may have moved it.
function watch() {
	clearTimeout(timer);
	const ends = Date.parse(me.value?.session?.expires_at ?? '');
	if (Number.isNaN(ends)) return;
	timer = setTimeout(look, Math.min(Math.max(ends - now() - WARN_MS, 1000), TIMER_MAX_MS));
}

async function look() {
	const answer = await get('/me', {poll: true}).catch(() => null);	// a 401 is the hook's business
	if (!answer) return;
	me.value = answer.data;
	const ends = Date.parse(answer.data.session?.expires_at ?? '');
	if (ends - now() > WARN_MS + 1000) watch();
	else if (ends) warn(new Date(ends));
}

function warn(ends) {
	endsAt.value = ends;
	timer = setTimeout(() => get('/me', {poll: true}).catch(() => null), Math.max(ends - now(), 0) + 1000);
}

// Asks who is there; errors other than "nobody" are the caller's to show.
export async function recall() {
	try {
		accept((await get('/me')).data);
	} catch (problem) {
		if (problem.status !== 401) throw problem;
		me.value = null;
	}
}

// Another tab signed in, or went to another tenant: this one must not show the one and work for the other.
hearTabs(() => recall().catch(() => {}));

export const stay = async () => accept((await get('/me')).data);

export async function signIn(email, password, tenant) {
	accept((await post('/session', {email, password, ...(tenant && {tenant})})).data);
}

export async function signOut() {
	try {
		await del('/session');
	} catch (problem) {
		if (problem.status !== 401) throw problem;
	}
	forget();
}

// The page of somebody who is not signed in.
export function forget() {
	clearTimeout(timer);
	batch(() => {
		me.value = null;
		signedOut.value = false;
		endsAt.value = null;
	});
}

export async function chooseTenant(name) {
	accept((await patch('/session', {tenant: name})).data);
}
