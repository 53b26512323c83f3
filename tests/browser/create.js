// The form for a new store: each refusal is told where it belongs, and the draft outlives all of them.
import {assert, check, go, password, person, secret, settled, sql, submit, visit} from './lib.js';

const WHO = 'owner@forms.test', TENANT = "name = 'forms'";

export const name = (page) => page.getByRole('textbox', {name: /name/i}).first();
export const send = (page) => page.locator('main form').getByRole('button', {name: /create/i});
export const alert = (page) => page.locator('main').getByRole('alert').filter({hasText: /./}).first();
const stores = () => Number(sql(`select count(*) from store s join tenant t on t.id = s.tenant_id where t.${TENANT}`));

export async function fill(page, text) {
	await go(page, '#/stores/new');
	await name(page).fill(text);
}
// Sends the draft and waits until the page says something with these words; nothing was made, nothing is lost.
async function refused(page, text, words) {
	const before = stores();
	await fill(page, text);
	await send(page).click();
	await page.locator('main').getByText(words).first().waitFor();
	assert(await name(page).inputValue() === text, 'the draft is gone');
	assert(stores() === before, 'a store was made');
}

// While typing: taken, reserved, no DNS label; and the URL that a good name gives.
async function nameCheck(page) {
	await go(page, '#/stores/new');
	const says = async (text, words) => {
		await name(page).fill(text);
		await page.locator('main').getByText(words).first().waitFor({timeout: 4000});
	};
	await says('failed-shop', /taken|in use|not (free|available)/i);
	await says('api', /reserved/i);
	await says('no_label', /letters|digits|hyphen/i);
	await says('a-good-name', /a-good-name\.localhost/);
}

// The check is asked when typing pauses, not for every key, and an old answer never overwrites a newer one.
async function debounce(page) {
	await go(page, '#/stores/new');
	const seen = [];
	page.on('request', (r) => r.url().includes('name-check') && seen.push(r.url()));
	await name(page).pressSequentially('some-long-name', {delay: 60});
	await page.locator('main').getByText(/some-long-name\.localhost/).first().waitFor();
	assert(seen.length >= 1 && seen.length <= 9, `${seen.length} checks of 14 letters`);
}

async function taken(page) {
	await refused(page, 'beta-1', /taken|in use|already/i);
	assert(await name(page).getAttribute('aria-invalid') === 'true', 'the field is not marked');
}

async function quota(page) {
	sql(`update tenant set max_stores = 0 where ${TENANT}`);
	await refused(page, 'over-quota', /quota|at most|Max 0|limit/i);
	sql(`update tenant set max_stores = 100 where ${TENANT}`);
}

// 429: says when to try again, and lets one then.
async function limited(page) {
	sql(`update tenant set max_creates_per_minute = 0 where ${TENANT}`);
	await refused(page, 'too-often', /\d+ ?s|second|minute|often|many/i);
	sql(`update tenant set max_creates_per_minute = 100 where ${TENANT}; delete from rate_limit`);
}

async function offline(page, context) {
	await fill(page, 'no-network');
	await context.setOffline(true);
	await send(page).click();
	await alert(page).waitFor();
	await context.setOffline(false);
	assert(await name(page).inputValue() === 'no-network', 'the draft is gone');
}

async function reload(page) {
	await fill(page, 'kept-draft');
	await page.reload();
	await settled(page);
	assert(await name(page).inputValue() === 'kept-draft', 'the draft is gone after a reload');
}

// The session ends while the form is being filled: a dialog over it asks for the password, and the form goes on.
async function sessionOver(page) {
	await fill(page, 'goes-on');
	sql(`delete from session s using app_user u where u.id = s.user_id and u.email = '${WHO}'`);
	const dialog = page.getByRole('dialog');
	await Promise.race([send(page).click(), dialog.waitFor()]);	// a poll may find out first
	await secret(dialog).fill(password);
	await submit(dialog).click();
	await dialog.waitFor({state: 'detached'});
	// The first click may have waited behind the dialog and go through now: then the form is left already.
	const made = page.waitForURL(/#\/stores\/[0-9a-f-]{36}$/);
	await Promise.race([made, name(page).inputValue().then((kept) => {
		assert(kept === 'goes-on', 'the draft is gone');
		return send(page).click();
	})]);
	await made;
	assert(stores() === 1, `${stores()} stores were made`);
}

// Sent twice by an answer that is lost: one store.
async function lostAnswer(page) {
	await fill(page, 'only-once');
	let lost = 0;
	await page.route('**/api/v1/stores', async (route) => {
		if (route.request().method() !== 'POST' || lost++ > 0)
			return route.continue();
		await route.fetch();
		return route.abort('connectionreset');
	});
	await send(page).click();
	await alert(page).waitFor();
	await send(page).click();
	await page.waitForURL(/#\/stores\/[0-9a-f-]{36}$/);
	await settled(page);
	assert(sql("select count(*) from store where name = 'only-once'") === '1', 'not one store');
	assert(lost === 2, `${lost} requests`);
}

// The engine of most of the tenant's stores, or the usual one where there are none.
async function preselected() {
	for (const [who, engine] of [['owner@acme.test', 'minimal'], ['owner@empty.test', 'woocommerce']]) {
		await visit(who, {}, async (page) => {
			await go(page, '#/stores/new');
			const chosen = await page.locator('[name="engine"]:checked').inputValue();
			assert(chosen === engine, `${who} begins with ${chosen}`);
		});
	}
}

export default async function create() {
	const context = await person(WHO, {fresh: true});
	const steps = [
		['the name is checked while typing', nameCheck], ['the check waits for a pause', debounce], ['a taken name is told at the field', taken],
		['quota', quota], ['too many a minute', limited], ['offline', offline], ['the draft outlives a reload', reload],
		['a session that ends in the middle', sessionOver], ['a lost answer makes one store', lostAnswer],
	];
	for (const [what, action] of steps) {
		const page = await context.newPage();
		await check(`create: ${what}`, () => action(page, context), page);
		await context.setOffline(false);
		await page.close();
	}
	await context.close();
	await check('create: the engine to begin with', preselected);
}
