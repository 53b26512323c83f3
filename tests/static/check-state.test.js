// What a check that was asked for found: only a look at the shop since then is an answer.
import test from 'node:test';
import assert from 'node:assert/strict';
import './fake.js';
import {stateOf} from '../../static/pages/check-state.js';

const at = (minutes) => new Date(Date.now() + minutes * 60000).toISOString();

test('a check that was asked for is answered by a look since then', () => {
	const cases = [
		['nobody asked', null, {status: 'True', at: at(0)}, null],
		['nothing was ever found', at(-1), undefined, 'running'],
		['a look before', at(-1), {status: 'True', reason: 'Verified', since: at(-60), at: at(-30)}, 'running'],
		['a look before, too long ago', at(-11), {status: 'True', reason: 'Verified', since: at(-60), at: at(-30)}, 'silent'],
		['it sells', at(-2), {status: 'True', reason: 'Verified', since: at(-60), at: at(-1)}, 'True'],
		['it does not', at(-2), {status: 'False', reason: 'CheckoutFailed', since: at(-1), at: at(-1)}, 'False'],
		['the probe hung, so it has no end', at(-2), {status: 'False', reason: 'CheckoutFailed', since: at(-1)}, 'False'],
		['a change began, which is yet to be tried', at(-2), {status: 'False', reason: 'NotVerified', since: at(-1)}, 'running'],
		['... and takes long', at(-12), {status: 'False', reason: 'NotVerified', since: at(-1)}, 'silent'],
	];
	for (const [what, asked, verified, wanted] of cases) assert.equal(stateOf(asked, verified), wanted, what);
});
