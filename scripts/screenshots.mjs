// The pictures for scripts/screenshots: signs in as the administrator, goes through the pages, writes small PNGs.
import {createRequire} from 'node:module';
import {mkdirSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {smaller} from './png.mjs';

const {chromium} = createRequire(join(process.env.BROWSER_DEPS, 'package.json'))('playwright-core');
const {DASHBOARD_URL, ADMIN_EMAIL, ADMIN_PASSWORD} = process.env;
const base = DASHBOARD_URL.replace(/\/$/, ''), folder = process.argv[2];
const MOST_BYTES = 3e6, TIMEOUT_MS = 20000, SETTLE_MS = 300;
const SIZES = [{width: 1280, height: 800}, {width: 360, height: 740}];
const STATUSES = ['ready', 'provisioning', 'degraded', 'failed', 'suspended', 'deleting'];

async function signIn(context) {
	const answer = await context.request.post(`${base}/api/v1/session`,
		{data: {email: ADMIN_EMAIL, password: ADMIN_PASSWORD}, headers: {'X-Storeward-CSRF': '1', Origin: new URL(base).origin}});
	if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
}

const stores = async (context, query) => (await context.request.get(`${base}/api/v1/stores?${query}`)).json();

// name of the picture → hash of the page, and what to do there first
async function pages(context) {
	const list = [['stores', '#/stores'], ['new-store', '#/stores/new'], ['observability', '#/observability?hours=24'], ['audit', '#/audit'],
		['account', '#/account'], ['not-found', '#/no-such-page']];
	for (const status of STATUSES) {
		const [store] = await stores(context, `status=${status}&limit=1`);
		if (store) list.push([`store-${status}`, `#/stores/${store.id}`]);
	}
	const [any] = await stores(context, 'status=ready&limit=1');
	if (any) list.push(['delete', `#/stores/${any.id}`, (page) => page.getByRole('button', {name: 'Delete store…'}).click()]);
	return list;
}

async function picture(context, name, hash, act) {
	const page = await context.newPage();
	await page.goto(`${base}/${hash}`, {timeout: TIMEOUT_MS});
	await page.locator('main h1').waitFor({timeout: TIMEOUT_MS});
	await page.waitForLoadState('networkidle', {timeout: TIMEOUT_MS});	// the first answers; the next poll is later
	await page.waitForTimeout(SETTLE_MS);
	await act?.(page);
	await page.mouse.move(0, 0);
	writeFileSync(join(folder, `${name}.png`), smaller(await page.screenshot({animations: 'disabled'})));
	await page.close();
}

async function variant(browser, colorScheme, viewport) {
	const options = {colorScheme, viewport, reducedMotion: 'reduce'}, tail = `${colorScheme}-${viewport.width}`;
	const nobody = await browser.newContext(options), admin = await browser.newContext(options);
	await picture(nobody, `sign-in-${tail}`, '#/sign-in');
	await signIn(admin);
	for (const [name, hash, act] of await pages(admin)) await picture(admin, `${name}-${tail}`, hash, act);
	await nobody.close();
	await admin.close();
}

mkdirSync(folder, {recursive: true});
for (const old of readdirSync(folder).filter((name) => name.endsWith('.png'))) rmSync(join(folder, old));
const browser = await chromium.launch({executablePath: process.env.STOREWARD_BROWSER ?? '/usr/bin/chromium', args: process.getuid() === 0 ? ['--no-sandbox'] : []});
try {
	for (const viewport of SIZES) for (const scheme of ['light', 'dark']) await variant(browser, scheme, viewport);
} finally {
	await browser.close();
}
const made = readdirSync(folder).filter((name) => name.endsWith('.png')), bytes = made.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
console.log(`${made.length} pictures, ${Math.round(bytes / 1000)} kB in ${folder}`);
if (bytes > MOST_BYTES) throw new Error(`the pictures have more than ${MOST_BYTES / 1e6} MB`);
