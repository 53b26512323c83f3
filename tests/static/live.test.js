// Polling: conditional, one at a time, rarer while there are errors, none when signed out, no storm ever.
import test from 'node:test';
import assert from 'node:assert/strict';
import {answers, json, requests} from './fake.js';
import {backoff, channel, Channel, connection} from '../../static/live.js';
import {me, signedOut} from '../../static/session.js';

const ME = {user: {id: 'u'}, tenant: {id: 't', name: 'acme'}, role: 'owner', session: null};
const soon = () => new Promise((done) => setImmediate(done));
const settle = async () => {
	for (let i = 0; i < 20; i++) await soon();
};

// With time in hand: pass(ms) lets timers run and the promises between them.
function timed(name, body) {
	test(name, async (context) => {
		context.mock.timers.enable({apis: ['setTimeout', 'Date'], now: 1_800_000_000_000});
		signedOut.value = false;
		me.value = ME;
		await settle();
		const pass = async (ms) => {
			for (let gone = 0; gone < ms; gone += 100) {
				context.mock.timers.tick(100);
				await settle();
			}
		};
		await body(pass);
		me.value = null;
		await settle();
	});
}

timed('asks again an interval after the answer, with the ETag; 304 keeps the data', async (pass) => {
	answers(json(200, [1], {ETag: '"a"'}), json(304), json(200, [2], {ETag: '"b"'}));
	const one = new Channel('/x');
	const leave = one.join({}, 2000);
	assert.deepEqual([one.state.value.loading, one.state.value.data], [true, undefined]);
	await settle();
	assert.deepEqual([one.state.value.loading, one.state.value.data], [false, [1]]);
	await pass(1900);
	assert.equal(requests.length, 1);
	await pass(200);
	assert.equal(requests.length, 2);
	assert.equal(requests[1].headers['If-None-Match'], '"a"');
	assert.deepEqual(one.state.value.data, [1]);
	await pass(2000);
	assert.deepEqual(one.state.value.data, [2]);
	leave();
	await pass(10000);
	assert.equal(requests.length, 3, 'nobody reads, yet it polls');
});

timed('one request at a time, however often one asks', async (pass) => {
	let finish;
	answers(() => new Promise((done) => { finish = () => done(json(200, {})()); }));
	const one = new Channel('/x');
	const leave = one.join({}, 2000);
	for (let i = 0; i < 10; i++) {
		one.refresh();
		one.wake();
	}
	await pass(5000);
	assert.equal(requests.length, 1);
	finish();
	await pass(200);
	assert.equal(requests.length, 2, 'what was asked for meanwhile is asked once more');
	leave();
});

timed('errors: kept data, ever rarer, Retry-After honoured, back to normal', async (pass) => {
	answers(json(200, ['kept'], {ETag: '"a"'}), json(503, {code: 'unavailable', detail: 'Away.'}));
	const one = new Channel('/x');
	const leave = one.join({}, 2000);
	await pass(120_000);
	assert.deepEqual(one.state.value.data, ['kept']);
	assert.equal(one.state.value.error.code, 'unavailable');
	assert.ok(requests.length >= 3 && requests.length <= 25, `${requests.length} requests in two minutes`);
	assert.equal(connection.value.state, 'stale');
	assert.ok(connection.value.since instanceof Date);
	answers(json(503, {detail: 'Away.'}, {'Retry-After': '40'}));
	await one.refresh();
	await pass(39_000);
	one.wake();
	assert.equal(requests.length, 1, 'the server asked for 40 s');
	answers(json(200, ['new']));
	await pass(62_000);
	assert.deepEqual([one.state.value.data, one.state.value.error, connection.value.state], [['new'], null, 'live']);
	leave();
});

timed('a 401 ends it; after a new sign-in it goes on', async (pass) => {
	answers(json(200, 1), json(401, {code: 'session_ended', detail: 'Over.'}));
	const one = channel('/y');
	const leave = one.join({}, 2000);
	await pass(60_000);
	assert.equal(requests.length, 2);
	assert.equal(signedOut.value, true);
	answers(json(200, 2));
	signedOut.value = false;
	await pass(200);
	assert.equal(one.state.value.data, 2);
	leave();
});

timed('hidden pages ask every 20 s, shown ones at once', async (pass) => {
	answers(json(200, 1));
	const one = channel('/z');
	const leave = one.join({}, 2000);
	await settle();
	document.hidden = true;
	await pass(2100);
	const before = requests.length;
	await pass(19_000);
	assert.equal(requests.length, before);
	document.hidden = false;
	document.dispatchEvent(new Event('visibilitychange'));
	await settle();
	assert.equal(requests.length, before + 1);
	leave();
});

timed('who works for another tenant sees nothing of the former', async () => {
	answers(json(200, 'theirs'));
	const one = channel('/w');
	const leave = one.join({}, 2000);
	await settle();
	leave();
	assert.equal(channel('/w').state.value.data, 'theirs');
	me.value = {...ME, tenant: {id: 't2', name: 'beta'}};
	assert.equal(channel('/w').state.value.data, undefined);
});

test('back-off: full jitter between half the interval and a minute', () => {
	assert.equal(backoff(1, 2000, null, () => 0), 1000);
	assert.equal(backoff(1, 2000, null, () => 1), 4000);
	assert.equal(backoff(30, 2000, null, () => 1), 60_000);
	assert.equal(backoff(1, 2000, 120, () => 0), 120_000);
});
