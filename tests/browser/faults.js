// The network away, a session that is over, clocks that are wrong, a tab in the background: the page says so, keeps what
// it had, and does not ask more often than it should.
import {assert, check, eventually, go, secret, sleep, sql, visit} from './lib.js';

const SILENCE_MS = 10_000;

export const api = (page) => {
	const seen = [];
	page.on('request', (r) => r.url().includes('/api/v1/') && seen.push(`${r.method()} ${new URL(r.url()).pathname}`));
	return seen;
};
export const lost = (page) => page.locator('[data-state="reconnecting"], [data-state="stale"]').count();
export const row = (page) => page.getByRole('link', {name: 'failed-shop'}).first();

async function sessionOver(page) {
	await go(page, '#/stores');
	await row(page).waitFor();
	sql("delete from session s using app_user u where u.id = s.user_id and u.email = 'viewer@acme.test'");
	await secret(page.getByRole('dialog')).waitFor({timeout: 8000});
	const seen = api(page);
	await sleep(3000);	// for polls of other paths that were due when the first was refused
	assert(seen.length <= 4, `asked ${seen.length} times at the end: ${seen.join(', ')}`);
	seen.length = 0;
	await sleep(SILENCE_MS);
	assert(seen.length === 0, `asked ${seen.length} times while signed out: ${seen.join(', ')}`);
}

async function offline(page, context) {
	await go(page, '#/stores');
	await row(page).waitFor();
	await context.setOffline(true);
	assert(await eventually(() => lost(page), 8000), 'the page does not say that it is offline');
	assert(await row(page).isVisible(), 'what was there is gone');
	await context.setOffline(false);
	assert(await eventually(() => page.locator('[data-state="live"]').count(), 10_000), 'it is not back when the network is');
}

// A clock that is an hour off makes neither "in 2 hours" of what happened, nor a storm, nor an early end of the session.
async function clock(page, hours) {
	await page.addInitScript((ms) => {
		const real = Date.now.bind(Date), Real = Date;
		globalThis.Date = class extends Real {
			constructor(...args) {
				super(...(args.length ? args : [real() + ms]));
			}
			static now() {
				return real() + ms;
			}
		};
	}, hours * 3600_000);
	const seen = api(page);
	await go(page, '#/stores?sort=-changed_at');
	sql("update store_status st set changed_at = now(), urgency = urgency(phase, now()) from store s where s.id = st.store_id and s.name = 'shop-020'");
	await sleep(6000);
	assert(seen.length <= 14, `${seen.length} requests in 6 s`);
	const times = await page.locator('main time').allTextContents();
	assert(times.length > 0, 'the page shows no time');
	const first = times[0];
	assert(!/\bin \d/.test(times.join(' ')), `what happened is said to be to come: ${times.join(', ')}`);
	assert(/now|second/.test(first), `a change of some seconds ago is "${first}"`);
	assert(await page.getByRole('dialog').count() === 0, 'a dialog about the session');
}

// A tab in the background asks rarely, and at once when it is looked at again.
async function hidden(page) {
	await go(page, '#/stores');
	await page.evaluate(() => {
		Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true});
		window.away = true;
		document.dispatchEvent(new Event('visibilitychange'));
	});
	await sleep(3000);
	const seen = api(page);
	await sleep(8000);
	assert(seen.length <= 3, `${seen.length} requests in 8 s of a hidden tab: ${seen.join(', ')}`);
	seen.length = 0;
	await page.evaluate(() => {
		window.away = false;
		document.dispatchEvent(new Event('visibilitychange'));
	});
	assert(await eventually(() => seen.length > 0, 1500), 'it does not ask when it is looked at again');
}

export default async function faults() {
	const together = [
		['viewer@acme.test', {fresh: true}, 'a session that is over: one dialog, then silence', sessionOver],
		['operator@acme.test', {}, 'offline and back: says so, keeps the page', offline],
		['operator@acme.test', {}, 'a clock an hour ahead', (page) => clock(page, 1)],
		['operator@acme.test', {}, 'a clock an hour behind', (page) => clock(page, -1)],
		['operator@acme.test', {}, 'a hidden tab asks rarely', hidden],
	];
	await Promise.all(together.map(([who, options, name, action]) =>
		visit(who, options, (page, context) => check(`faults: ${name}`, () => action(page, context), page))));
}
