// Addresses: every page, ids, queries, and what leads nowhere.
import test from 'node:test';
import assert from 'node:assert/strict';
import {parse} from '../../static/router.js';

const ID = '0f5c2d1e-1111-4222-8333-444455556666';

test('addresses', () => {
	const cases = [
		['', 'stores'], ['#', 'stores'], ['#/', 'stores'], ['#/stores', 'stores'], ['#/stores/', 'stores'], ['#/sign-in', 'sign-in'], ['#/stores/new', 'new-store'],
		[`#/stores/${ID}`, 'store', ID], [`#/stores/${ID.toUpperCase()}`, 'store', ID], ['#/observability?hours=24', 'observability'], ['#/audit', 'audit'], ['#/account', 'account'],
		['#/nowhere', 'not-found'], ['#/stores/1', 'not-found'], ['#/stores/new/more', 'not-found'], ['#/toString', 'not-found'], ['#/__proto__', 'not-found'], [`#/stores/${ID}/x`, 'not-found'],
	];
	for (const [hash, page, id = null] of cases) {
		const found = parse(hash);
		assert.deepEqual([found.page, found.id], [page, id], hash);
	}
});

test('queries', () => {
	const {query} = parse('#/stores?status=failed,degraded&sort=-name&q=a%3Fb?c');
	assert.deepEqual([...query], [['status', 'failed,degraded'], ['sort', '-name'], ['q', 'a?b?c']]);
	assert.deepEqual([...parse('#/stores').query], []);
});
