// A store's life in the browser, step by step; see journey.sh, which brings up what this needs.
// usage: journey.js life|failure. ENGINE: of the store that lives; $STACK/mend: gives the failed one its image.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {assert, check, email, eventually, launch, password, person, quit, secret, settled, submit, t} from './lib.js';
import {shops} from './shop.js';

const OWNER = 'owner@demo.test', ENGINE = process.env.ENGINE, NAME = `walk-${process.pid}`, BROKEN = `broken-${process.pid}`;
const MADE = {timeout: 420_000}, CHANGED = {timeout: 180_000};

const status = (page, which) => page.locator(`main [data-status="${which}"]`).first();
const kubectl = (...args) => execFileSync(process.env.KUBECTL, ['--request-timeout=20s', ...args], {encoding: 'utf8', timeout: 30_000});
const stays = (page) => page.evaluate(() => { window.stays = true; });
const stayed = async (page) => assert(await page.evaluate(() => window.stays), 'the page was loaded again on the way');
const idOf = (page) => page.url().match(/#\/stores\/([0-9a-f-]{36})/)[1];
// What the API says, asked as the page asks.
const store = (page, id) => page.evaluate(async (path) => {
	const answer = await fetch(path, {headers: {'X-Storeward-Poll': '1'}});
	return {...await answer.json(), http: answer.status};
}, `/api/v1/stores/${id}`);

async function signIn(page) {
	await page.goto('/');
	await email(page).fill(OWNER);
	await secret(page).fill(password);
	await submit(page).click();
	await page.getByRole('heading', {name: t('stores.title'), level: 1}).waitFor();
	await settled(page);
}

async function create(page, name, engine) {
	await page.goto('/#/stores');
	await settled(page);
	await page.getByRole('link', {name: t('stores.new')}).first().click();
	await page.getByRole('radio', {name: engine === 'minimal' ? /Minimal/ : /WooCommerce/}).check({force: true});
	await page.getByRole('textbox', {name: t('new.name')}).fill(name);
	await page.getByText(t('new.name.free')).first().waitFor();
	await page.getByRole('button', {name: t('new.create')}).click();
	await page.waitForURL(/#\/stores\/[0-9a-f-]{36}$/);
	await stays(page);
	await page.getByRole('heading', {name, level: 1}).waitFor();
}

async function ready(page) {
	const began = Date.now();
	await status(page, 'ready').waitFor(MADE);
	await stayed(page);
	console.log(`# ${ENGINE} ready on the page after ${Math.round((Date.now() - began) / 1000)} s`);
	const steps = page.getByRole('list', {name: t('store.progress.was')}).or(page.locator('.timeline')).first();
	assert(await eventually(async () => await steps.locator('[data-state="done"]').count() === 5, 8000),
		`the steps: ${(await steps.innerText()).replace(/\n/g, ' ')}`);
	const seen = await store(page, idOf(page));
	assert(seen.conditions.some((c) => c.type === 'CheckoutVerified' && c.status === 'True'), 'ready without a test purchase');
}

async function buy(page, context) {
	const [shop] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', {name: t('store.open')}).click()]);
	const order = await shops[ENGINE].buy(shop, shop.url());
	await shop.close();
	console.log(`# order ${order}`);
	return order;
}

// The credentials are nowhere on the page before, there when asked for, and open the shop's administration.
async function administrate(page, order) {
	assert(await page.locator('.secret code').count() === 0, 'the credentials are on the page unasked');
	await page.getByRole('button', {name: t('store.secret.reveal'), exact: true}).click();
	await page.locator('.secret code').first().waitFor();
	const [user, word] = await page.locator('.secret code').allTextContents();
	const admin = await page.getByRole('link', {name: t('store.admin')}).getAttribute('href');
	const keeper = await person(null);
	const shop = await keeper.newPage();
	try {
		await shops[ENGINE].seeOrder(shop, admin, {user, password: word}, order);
	} finally {
		await keeper.close();
	}
	const log = await page.evaluate(async () => (await fetch('/api/v1/audit-logs?limit=20')).text());
	assert(/reveal/.test(log) && !log.includes(word), 'revealing is not in the audit log, or the password is');
	assert(await eventually(async () => await page.locator('.secret').count() === 0, 35_000), 'the credentials do not hide themselves');
}

async function pauseAndResume(page) {
	const url = (await store(page, idOf(page))).storefront_url;
	const answer = async () => (await fetch(url, {signal: AbortSignal.timeout(10_000)}).catch(() => ({status: 0}))).status;
	await page.getByRole('button', {name: t('store.suspend.do')}).click();
	await status(page, 'suspended').waitFor(CHANGED);
	assert(await eventually(async () => await answer() === 503, 20_000, 500), `visitors get ${await answer()}`);
	await page.getByRole('button', {name: t('store.resume.do')}).click();
	await status(page, 'ready').waitFor(CHANGED);
	assert(await eventually(async () => await answer() === 200, 20_000, 500), `after resuming visitors get ${await answer()}`);
	await stayed(page);
}

async function remove(page, name) {
	const id = idOf(page), {namespace} = await store(page, id);
	await page.getByRole('button', {name: t('store.danger.do')}).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('textbox').fill(name);
	await dialog.getByRole('button', {name: t('delete.do', {name})}).click();
	await status(page, 'deleting').waitFor(CHANGED);
	const seen = new Set(), gone = page.getByRole('heading', {name: t('store.gone.title', {name})});
	assert(await eventually(async () => {
		for (const text of await page.locator('.timeline [data-state="running"] .what').allInnerTexts().catch(() => []))
			seen.add(text.split('\n')[0].trim());
		return gone.count();
	}, MADE.timeout, 250), 'the page does not come to its end');
	console.log(`# steps seen: ${[...seen].join(' → ')}`);
	assert(seen.size >= 2, 'no steps were seen on the way');
	await stayed(page);
	assert((await store(page, id)).http === 404, 'the API still knows it');
	assert(kubectl('get', 'namespace', namespace, '--ignore-not-found', '-o', 'name') === '', 'its namespace is still there');
}

// A store that fails says why and what to do; the cause is mended, Retry is pressed, it recovers; all on one page.
async function broken(page) {
	await create(page, BROKEN, 'minimal');
	const card = page.locator('.error-card');
	await card.filter({hasText: 'no-such-image'}).first().waitFor(CHANGED);
	console.log(`# the page says: ${(await card.first().innerText()).replace(/\s+/g, ' ').slice(0, 300)}`);
	await card.getByText(t('error.next')).first().waitFor();
	await status(page, 'failed').waitFor(CHANGED);
	const retry = card.getByRole('button', {name: t('store.retry')});
	await retry.waitFor(CHANGED);
	execFileSync(join(process.env.STACK, 'mend'), {timeout: 30_000});
	await retry.click();
	await status(page, 'failed').waitFor({state: 'detached', ...CHANGED});
	await status(page, 'ready').waitFor(MADE);
	await stayed(page);
	const log = await page.evaluate(async () => (await fetch('/api/v1/audit-logs?limit=50&action=user.retry_store')).json());
	assert(log.some((row) => row.resource_id === idOf(page)), 'the retry is not in the audit log');
}

await launch();
const context = await person(null), page = await context.newPage();
let order;
const PARTS = {
	life: [
		['sign in', () => signIn(page)],
		[`a new ${ENGINE} store is asked for`, () => create(page, NAME, ENGINE)],
		['it becomes ready without a reload, step by step', () => ready(page)],
		['a customer buys in it with cash on delivery', async () => { order = await buy(page, context); }],
		['the revealed credentials show the order', () => administrate(page, order)],
		['suspend and resume', () => pauseAndResume(page)],
		['delete by typing its name, until nothing is left', () => remove(page, NAME)],
	],
	failure: [
		['sign in, with a cluster that lacks an image', () => signIn(page)],
		['a store fails, says why and offers Retry; mended, it comes up', () => broken(page)],
	],
};
try {
	let well = true;
	for (const [what, action] of PARTS[process.argv[2]])
		well = well && await check(`browser journey: ${what}`, action, page);
	if (!well)
		console.log('# the steps after a failed one were not tried');
} finally {
	await quit();
}
