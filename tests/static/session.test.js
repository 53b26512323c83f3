// Who is signed in, what the role allows, and the warning before the end, which other requests may have moved.
import test from 'node:test';
import assert from 'node:assert/strict';
import {answers, json, requests} from './fake.js';
import {can, chooseTenant, endsAt, me, recall, signedOut, signIn, signOut, stay} from '../../static/session.js';
import {get} from '../../static/api.js';

const MINUTE = 60_000;
const START = 1_800_000_000_000;
const person = (minutes, role = 'operator', tenant = 'acme') => ({
	user: {id: 'u', email: 'a@b.test'}, tenant: {id: tenant, name: tenant}, role,
	session: {id: 's', expires_at: new Date(START + minutes * MINUTE).toISOString()},
});
const settle = async () => {
	for (let i = 0; i < 20; i++) await new Promise((done) => setImmediate(done));
};

test('signing in sends what is asked for and no more', async () => {
	answers(json(201, person(30)));
	await signIn('a@b.test', 'secret');
	assert.deepEqual(JSON.parse(requests[0].body), {email: 'a@b.test', password: 'secret'});
	await signIn('a@b.test', 'secret', 'acme');
	assert.deepEqual(JSON.parse(requests[1].body), {email: 'a@b.test', password: 'secret', tenant: 'acme'});
	answers(json(200, person(30, 'viewer', 'beta')));
	await chooseTenant('beta');
	assert.equal(me.value.tenant.name, 'beta');
});

test('roles', () => {
	for (const [role, allowed] of [['viewer', 1], ['operator', 2], ['admin', 3], ['owner', 4], ['none', 0], [null, 0]]) {
		me.value = person(30, role);
		assert.equal(['viewer', 'operator', 'admin', 'owner'].filter(can).length, allowed, role);
	}
	me.value = null;
	assert.equal(can('viewer'), false);
});

test('nobody is there; nobody can be asked', async () => {
	answers(json(401, {code: 'session_ended', detail: 'Over.'}));
	await recall();
	assert.deepEqual([me.value, signedOut.value], [null, false]);
	answers(json(503, {code: 'unavailable', detail: 'Away.'}));
	await assert.rejects(recall(), {code: 'unavailable'});
});

test('an end in the middle keeps the person and says so; signing in again goes on', async () => {
	me.value = person(30);
	answers(json(401, {code: 'session_ended', detail: 'Over.'}));
	await get('/stores').catch(() => {});
	assert.deepEqual([me.value.role, signedOut.value], ['operator', true]);
	answers(json(201, person(30)));
	await signIn('a@b.test', 'secret');
	assert.equal(signedOut.value, false);
});

test('signing out, also when the session is gone already', async () => {
	for (const answer of [json(204), json(401, {code: 'session_ended', detail: 'Over.'})]) {
		me.value = person(30);
		answers(answer);
		await signOut();
		assert.deepEqual([me.value, signedOut.value], [null, false]);
	}
	me.value = person(30);
	answers(json(503, {code: 'unavailable', detail: 'Away.'}));
	await assert.rejects(signOut(), {code: 'unavailable'});
	assert.notEqual(me.value, null);
});

test('two minutes before the end it looks again, and warns only if that is still the end', async (context) => {
	context.mock.timers.enable({apis: ['setTimeout', 'Date'], now: START});
	answers(json(200, person(30)));
	await recall();
	answers(json(200, person(50)), json(200, person(50)), json(401, {code: 'session_ended', detail: 'Over.'}));
	context.mock.timers.tick(28 * MINUTE + 10);
	await settle();
	assert.deepEqual([requests.length, requests[0].headers['X-Storeward-Poll'], endsAt.value], [1, '1', null]);
	context.mock.timers.tick(20 * MINUTE + 10);
	await settle();
	assert.equal(requests.length, 2);
	assert.equal(endsAt.value.getTime(), START + 50 * MINUTE);
	context.mock.timers.tick(3 * MINUTE);
	await settle();
	assert.equal(signedOut.value, true);
	answers(json(200, person(90)));
	await stay();
	assert.deepEqual([endsAt.value, signedOut.value, 'X-Storeward-Poll' in requests[0].headers], [null, false, false]);
	me.value = null;
});
