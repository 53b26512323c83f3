// Values that keep themselves up to date by conditional polling. One channel a path: one request at a
// time, the next one an interval after the answer, ever rarer while there are errors, none when signed out.
import {signal, effect, useEffect, useState} from './html.js';
import {request} from './api.js';
import {me, signedOut} from './session.js';

const HIDDEN_MS = 20000;
const BACKOFF_MAX_MS = 60000;
const STALE_MS = 15000;		// without a good answer
const KEPT = 12;		// channels that are remembered, so that Back shows something at once

export const connection = signal({state: 'live', since: null});
let lastGood = null;

function report(good) {
	if (good) {
		lastGood = new Date();
		if (connection.value.state !== 'live') connection.value = {state: 'live', since: null};
		return;
	}
	const stale = !lastGood || Date.now() - lastGood > STALE_MS;
	connection.value = {state: stale ? 'stale' : 'reconnecting', since: lastGood};
}

// Full jitter (a fleet of browsers must not come back at one moment), and never sooner than the server says.
export function backoff(failures, interval, retryAfter, random = Math.random) {
	const most = Math.min(BACKOFF_MAX_MS, interval * 2 ** failures);
	return Math.max(interval / 2 + random() * (most - interval / 2), (retryAfter ?? 0) * 1000);
}

export class Channel {
	constructor(path) {
		this.path = path;
		this.state = signal({data: undefined, error: null, loading: true, headers: null});
		this.readers = new Map();	// reader -> its interval
		this.etag = null;
		this.failures = 0;
		this.retryAfter = null;
		this.timer = null;
		this.current = null;	// the poll in flight
		this.again = false;	// somebody wants one that begins later than it
	}

	get interval() {
		const wanted = Math.min(...this.readers.values());
		return document.hidden ? Math.max(wanted, HIDDEN_MS) : wanted;
	}

	join(reader, interval) {
		this.readers.set(reader, interval);
		if (this.readers.size === 1) this.refresh();
		return () => {
			this.readers.delete(reader);
			if (this.readers.size > 0) return;
			clearTimeout(this.timer);
			this.abort?.abort();
		};
	}

	// Polls now; what is in flight is let finish, as it may be older than the caller's change.
	refresh() {
		clearTimeout(this.timer);
		if (!this.current) this.current = this.poll();
		else this.again = true;
		return this.current;
	}

	// After sleep, a hidden tab or a lost network; while the server asks for patience it gets it.
	wake() {
		if (this.readers.size > 0 && !this.current && !this.retryAfter) this.refresh();
	}

	async poll() {
		const {signal} = this.abort = new AbortController();
		try {
			const headers = this.etag ? {'If-None-Match': this.etag} : {};
			this.take(await request('GET', this.path, {headers, poll: true, signal}));
			this.failures = 0;
			this.retryAfter = null;
			report(true);
		} catch (problem) {
			if (!signal.aborted) this.fail(problem);
		}
		this.current = null;
		this.plan();
	}

	fail(problem) {
		this.failures += 1;
		this.retryAfter = problem.retryAfter ?? null;
		this.state.value = {...this.state.value, error: problem, loading: false};
		report(problem.status >= 400 && problem.status < 500);
	}

	take({status, data, headers}) {
		if (status === 304) {
			if (this.state.value.error) this.state.value = {...this.state.value, error: null};
			return;
		}
		this.etag = headers.get('ETag');
		this.state.value = {data, error: null, loading: false, headers};
	}

	plan() {
		const again = this.again;
		this.again = false;
		if (this.readers.size === 0 || signedOut.value || !me.value) return;
		const wait = this.failures ? backoff(this.failures, this.interval, this.retryAfter) : again ? 0 : this.interval;
		this.timer = setTimeout(() => signedOut.value || this.refresh(), wait);	// it may have ended meanwhile
	}
}

const channels = new Map();

export function channel(path) {
	const found = channels.get(path) ?? new Channel(path);
	channels.delete(path);
	channels.set(path, found);
	for (const [old, idle] of channels) {
		if (channels.size <= KEPT) break;
		if (idle.readers.size === 0) channels.delete(old);
	}
	return found;
}

const wakeAll = () => channels.forEach((one) => one.wake());
globalThis.document?.addEventListener('visibilitychange', () => document.hidden || wakeAll());
globalThis.addEventListener?.('online', wakeAll);
globalThis.addEventListener?.('offline', () => report(false));

// What one tenant's member saw is not for the next one; after a new sign-in of the same the polls go on.
let owner;
effect(() => {
	const whose = me.value && `${me.value.user?.id} ${me.value.tenant?.id}`;
	const out = signedOut.value;
	if (whose !== owner) channels.clear();	// who still reads one comes back for a new one
	owner = whose;
	if (whose && !out) queueMicrotask(wakeAll);
});

const NOTHING = {data: undefined, error: null, loading: false, headers: null};

export function useLive(path, {interval = 2000} = {}) {
	const [reader] = useState(() => ({}));
	const source = path === null ? null : channel(path);
	useEffect(() => source?.join(reader, interval), [source, interval]);
	const state = source ? source.state.value : NOTHING;
	return {...state, refresh: () => source?.refresh()};
}
