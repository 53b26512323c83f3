// Requests and the one kind of error that comes of them.
import test from 'node:test';
import assert from 'node:assert/strict';
import {answers, json, requests} from './fake.js';
import {asCurl, del, get, hooks, now, patch, post, Problem} from '../../static/api.js';

const failure = async (promise) => promise.then(() => assert.fail('no error'), (error) => error);

test('what is sent', async () => {
	answers(json(201, {id: 1}));
	const {status, data} = await post('/stores', {name: 'a'}, {headers: {'Idempotency-Key': 'k'}});
	assert.deepEqual([status, data], [201, {id: 1}]);
	const [{url, method, headers, body, cache}] = requests;
	assert.deepEqual([url, method, body, cache], ['/api/v1/stores', 'POST', '{"name":"a"}', 'no-store']);
	assert.deepEqual(headers, {'X-Storeward-CSRF': '1', 'Content-Type': 'application/json', 'Idempotency-Key': 'k'});
	await get('/me', {poll: true});
	assert.equal(requests[1].headers['X-Storeward-Poll'], '1');
	assert.equal('Content-Type' in requests[1].headers, false);
});

test('a proxy that compresses makes an ETag weak, which If-Match does not take', async () => {
	answers(json(202, {}));
	await patch('/stores/1', {}, {headers: {'If-Match': 'W/"7-abc"'}});
	assert.equal(requests[0].headers['If-Match'], '"7-abc"');
});

test('answers without a body', async () => {
	answers(json(204));
	assert.equal((await del('/session')).data, undefined);
	answers(json(304));
	assert.equal((await get('/stores')).status, 304);
});

test('problems', async () => {
	answers(json(422, {code: 'invalid', detail: 'No.', request_id: 'r1', errors: [{pointer: '/name', detail: 'is taken'}]}));
	const wrong = await failure(post('/stores', {}));
	assert.ok(wrong instanceof Problem);
	assert.deepEqual([wrong.status, wrong.code, wrong.detail, wrong.requestId, wrong.at('/name'), wrong.at('/plan')], [422, 'invalid', 'No.', 'r1', 'is taken', '']);
	answers(json(429, {code: 'rate_limited', detail: 'Wait.'}, {'Retry-After': '17'}));
	assert.equal((await failure(get('/x'))).retryAfter, 17);
	answers(() => new Response('<html>Bad Gateway</html>', {status: 502, headers: {'X-Request-Id': 'r2'}}));
	const proxy = await failure(get('/x'));
	assert.deepEqual([proxy.status, proxy.code, proxy.requestId, proxy.errors, proxy.retryAfter], [502, 'http_502', 'r2', [], null]);
	answers(() => new Response('<html>', {status: 200}));
	assert.equal((await failure(get('/x'))).code, 'not_json');
	answers(new TypeError('Failed to fetch'));
	const offline = await failure(get('/x'));
	assert.deepEqual([offline.status, offline.code], [0, 'offline']);
	answers(new DOMException('late', 'TimeoutError'));
	assert.equal((await failure(get('/x'))).code, 'timeout');
});

test('a request given up is no problem of anybody', async () => {
	const ended = new AbortController();
	ended.abort();
	answers(json(200, {}));
	const error = await failure(get('/x', {signal: ended.signal}));
	assert.equal(error.name, 'AbortError');
	assert.equal(error instanceof Problem, false);
});

test('a 401 is told once for each, but not of a wrong password', async () => {
	let told = 0;
	hooks.unauthorized = () => { told += 1; };
	answers(json(401, {code: 'session_ended', detail: 'Over.'}));
	await failure(get('/stores'));
	assert.equal(told, 1);
	answers(json(401, {code: 'credentials_wrong', detail: 'No.'}));
	await failure(post('/session', {}));
	assert.equal(told, 1);
});

test('the clock is the server’s where the browser’s is wrong', async () => {
	answers(json(200, {}, {Date: new Date(Date.now() + 3600_000).toUTCString()}));
	await get('/x');
	assert.ok(Math.abs(now() - Date.now() - 3600_000) < 2500);
	answers(json(200, {}));
	await get('/x');
	assert.ok(Math.abs(now() - Date.now()) < 10);
});

test('as curl', () => {
	assert.equal(asCurl('GET', '/stores?q=a&limit=5'), `curl -H "Authorization: Bearer $API_TOKEN" 'https://shop.test/api/v1/stores?q=a&limit=5'`);
	assert.equal(asCurl('POST', '/stores', {name: "it's"}),
		`curl -X POST -H "Authorization: Bearer $API_TOKEN" -H 'Content-Type: application/json' -d '{"name":"it'\\''s"}' 'https://shop.test/api/v1/stores'`);
});
