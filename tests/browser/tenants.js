// Two tenants in two windows, sessions ended from elsewhere, and a page that is older than the server.
import {assert, check, go, password, person, secret, settled, sql, submit, t, visit} from './lib.js';
import {FOREIGN, storeId} from './routes.js';

const names = (page) => page.locator('main a[href^="#/stores/"]:not([href="#/stores/new"])').allTextContents();

async function apart() {
	const [acme, beta] = await Promise.all([person('owner@acme.test'), person('owner@beta.test')]);
	const [a, b] = [await acme.newPage(), await beta.newPage()];
	await Promise.all([go(a, '#/stores?sort=name'), go(b, '#/stores?sort=name')]);
	const [ofA, ofB] = [(await names(a)).join(' '), (await names(b)).join(' ')];
	assert(ofA.includes('degraded-shop') && !ofA.includes('beta-'), `acme sees: ${ofA}`);
	assert(ofB.includes('beta-1') && ofB.includes('beta-2') && !/shop/.test(ofB), `beta sees: ${ofB}`);
	for (const [page, id] of [[a, FOREIGN], [b, storeId(3)]]) {
		await go(page, `#/stores/${id}`);
		const text = await page.locator('main').textContent();
		assert(!/beta-1|ready-shop/.test(text), `another tenant's store is shown: ${text.slice(0, 200)}`);
		assert(await page.getByRole('button', {name: /delete|retry|reveal/i}).count() === 0, 'buttons for a store that is not there');
	}
	await Promise.all([acme.close(), beta.close()]);
}

// An owner ends another session of hers on the account page; the window that had it asks to sign in, over its page.
async function revoked() {
	const here = await person('admin@acme.test', {fresh: true});
	const there = await person('admin@acme.test', {fresh: true, userAgent: 'Mozilla/5.0 (the other one)'});
	const [page, other] = [await here.newPage(), await there.newPage()];
	await go(other, '#/stores');
	await go(page, '#/account');
	await page.locator('tr, li').filter({hasText: 'the other one'}).getByRole('button').click();
	await page.getByRole('dialog').locator('button.danger').click();
	await secret(other.getByRole('dialog')).waitFor({timeout: 8000});
	const focused = await other.evaluate(() => document.activeElement.autocomplete);
	assert(focused === 'current-password', `the e-mail is known, but the focus is on ${focused}`);
	assert(await other.getByRole('link', {name: 'failed-shop'}).first().isVisible(), 'the page behind the dialog is gone');
	assert(sql("select count(*) from session where user_agent like '%the other one%'") === '0', 'the session is still there');
	await secret(other.getByRole('dialog')).fill(password);
	await submit(other.getByRole('dialog')).click();
	await other.getByRole('dialog').waitFor({state: 'detached'});
	await Promise.all([here.close(), there.close()]);
}

// After an upgrade the server says another version: the page offers to reload, and does not by itself.
async function upgraded(page) {
	await go(page, '#/stores');
	await page.evaluate(() => { window.stays = true; });
	await page.route('**/api/v1/**', async (route) => {
		const answer = await route.fetch();
		await route.fulfill({response: answer, headers: {...answer.headers(), 'x-storeward-version': '99.0.0'}});
	});
	await page.getByText(t('app.version')).waitFor({timeout: 8000});
	assert(await page.evaluate(() => window.stays), 'the page reloaded by itself');
	await page.getByRole('button', {name: t('app.reload')}).click();
	await page.waitForFunction(() => !window.stays);
	await settled(page);
}

// The tenant of a session is changed in the header; the other tenant's stores are all that is shown then.
async function switched(page) {
	await go(page, '#/stores?sort=name');
	await page.evaluate(() => fetch('/api/v1/session', {
		method: 'PATCH', headers: {'Content-Type': 'application/json', 'X-Storeward-CSRF': '1'}, body: '{"tenant": "beta"}',
	}));
	await page.reload();
	await settled(page);
	const seen = (await names(page)).join(' ');
	assert(seen.includes('beta-1') && !seen.includes('shop'), `beta's list shows: ${seen}`);
}

// Tabs share the session: what one does to it another shows at once, and not one tenant's name over the other's stores.
async function tabs() {
	const context = await person('platform@storeward.test', {fresh: true});
	const [one, other] = [await context.newPage(), await context.newPage()];
	for (const page of [one, other])
		await go(page, '#/stores?sort=name');
	await one.locator('.who button').click();
	await one.getByRole('menuitem', {name: 'beta'}).click();
	await other.locator('.who').filter({hasText: 'beta'}).waitFor();
	await other.getByRole('link', {name: 'beta-1'}).first().waitFor();
	assert(!(await names(other)).join(' ').includes('shop'), 'the other tab still shows the first tenant\'s stores');
	await context.close();
}

export default async function tenants() {
	await check('tenants: each sees its own stores; the other\'s are not found', apart);
	await check('tenants: a session ended elsewhere asks to sign in over the page', revoked);
	await visit('owner@acme.test', {}, (page) =>
		check('tenants: a page older than the server offers to reload', () => upgraded(page), page));
	await visit('platform@storeward.test', {fresh: true}, (page) =>
		check('tenants: a session works for one tenant at a time', () => switched(page), page));
	await check('tenants: another tab follows when one goes to another tenant', tabs);
	await check('tenants: no API answer names the other tenant\'s store', async () => {
		await visit('owner@acme.test', {}, async (page) => {
			await page.goto('/');
			const status = (path) => page.evaluate(async (where) => (await fetch(where)).status, `/api/v1/stores/${FOREIGN}${path}`);
			for (const path of ['', '/events', '/logs'])
				assert(await status(path) === 404, `${path} answers ${await status(path)}`);
		});
	});
}
