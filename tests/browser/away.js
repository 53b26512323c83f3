// The API is stopped under pages in use, and comes back: nothing is lost, and it is not asked more often than it should be.
import {assert, check, eventually, go, sleep, stack, t, visit} from './lib.js';
import {alert, fill, name, send} from './create.js';
import {api, lost, row} from './faults.js';

const AWAY_MS = 20_000, AWAY_REQUESTS = 14;	// by back-off: 2, 4, 8 s and so on at the most, for each path that is polled

async function apiAway(page) {
	await go(page, '#/stores');
	await row(page).waitFor();
	stack('api-down');
	const seen = api(page);
	try {
		assert(await eventually(() => lost(page), 8000), 'the page does not say that it lost the API');
		await sleep(AWAY_MS);
		assert(await row(page).isVisible(), 'what was there is gone');
		assert(seen.length > 0 && seen.length <= AWAY_REQUESTS, `${seen.length} requests in ${AWAY_MS / 1000} s: ${seen.join(', ')}`);
		console.log(`# API away: ${seen.length} requests in ${AWAY_MS / 1000} s`);
	} finally {
		stack('api-up');
	}
	await page.evaluate(() => dispatchEvent(new Event('online')));
	assert(await eventually(() => page.locator('[data-state="live"]').count(), 70_000), 'it does not come back by itself');
}

// What was seen of an API that does not answer any more is not said to be so now.
async function unknown(page) {
	await go(page, '#/observability');
	const line = page.locator('.checks li').filter({hasText: t('observe.api')});
	await line.getByText(t('observe.just')).waitFor();
	stack('api-down');
	try {
		await line.getByText(t('observe.unknown')).waitFor();
		assert(await line.getByText(t('observe.just')).count() === 0, 'it says that it was checked just now');
	} finally {
		stack('api-up');
	}
}

async function draft(page) {
	await fill(page, 'api-away');
	stack('api-down');
	try {
		await send(page).click();
		await alert(page).waitFor();
		assert(await name(page).inputValue() === 'api-away', 'the draft is gone');
	} finally {
		stack('api-up');
	}
}

export default async function away() {
	await visit('owner@acme.test', {}, (page) => check('away: says so, keeps the page, asks seldom, comes back', () => apiAway(page), page));
	await visit('owner@acme.test', {}, (page) => check('away: Observability does not say that it is connected', () => unknown(page), page));
	await visit('owner@forms.test', {}, (page) => check('away: a draft sent meanwhile is kept', () => draft(page), page));
}
