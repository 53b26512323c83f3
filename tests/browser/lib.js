// What every browser test uses: one Chromium, people signed in, checks that print a line each, and the stack's levers.
// Set by `run`: BROWSER_DEPS (folder with node_modules), STACK (folder of the stack script), STOREWARD_BROWSER.
import {createRequire} from 'node:module';
import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const need = createRequire(join(process.env.BROWSER_DEPS, 'package.json'));
const {chromium} = need('playwright-core');
export const axePath = need.resolve('axe-core/axe.min.js');
export const here = dirname(fileURLToPath(import.meta.url));
const work = process.env.STACK;

export const port = Number(process.env.PORT || readFileSync(join(work, 'env'), 'utf8').match(/^port=(\d+)$/m)[1]);
export const base = `http://localhost:${port}`;
export const password = readFileSync(join(work, 'password'), 'utf8').trim();

let browser;
export async function launch() {
	browser = await chromium.launch({
		executablePath: process.env.STOREWARD_BROWSER || '/usr/bin/chromium',
		args: process.getuid() === 0 ? ['--no-sandbox'] : [],
		timeout: 30_000,
	});
	return browser;
}
export const quit = () => browser?.close();

// --- The stack's levers.
const psql = (...args) => execFileSync('psql', ['-h', join(work, 'pg'), '-U', 'postgres', '-qAtX', '-v', 'ON_ERROR_STOP=1', 'storeward', ...args],
	{encoding: 'utf8', timeout: 120_000}).trim();
export const sql = (text) => psql('-c', `set search_path = storeward; ${text}`);
export const sqlFile = (name) => psql('-f', join(here, name));
export const stack = (verb) => execFileSync(join(here, 'stack'), [verb], {timeout: 60_000});

// --- Checks. A failed one keeps a picture of the page, if it is given one.
export async function check(name, action, page) {
	try {
		await action();
		console.log(`ok ${name}`);
		return true;
	} catch (error) {
		process.exitCode = 1;
		const lines = String(error?.message ?? error).replace(/\u001b\[\d+m/g, '').split('\n').slice(0, 14);
		const text = lines.map((line) => `# ${line.slice(0, 300)}`).join('\n');
		console.log(`${text}\nnot ok ${name}`);
		await picture(page, name);
		return false;
	}
}
export function assert(truth, message) {
	if (!truth)
		throw new Error(message);
}
export async function picture(page, name) {
	if (!page || !work)
		return;
	mkdirSync(join(work, 'pictures'), {recursive: true});
	await page.screenshot({path: join(work, 'pictures', `${name.replace(/[^\w]+/g, '-').slice(0, 80)}.png`), timeout: 5000}).catch(() => {});
}
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
// Asks again until the answer is true or the time is over; the last answer is returned.
export async function eventually(ask, ms = 10_000, period = 100) {
	const end = Date.now() + ms;
	for (;;) {
		const answer = await ask();
		if (answer || Date.now() > end)
			return answer;
		await sleep(period);
	}
}
// At most n at once.
export async function pool(n, items, action) {
	const queue = [...items];
	await Promise.all(Array.from({length: n}, async () => {
		for (let item = queue.shift(); item; item = queue.shift())
			await action(item);
	}));
}

// --- People. A session is made once per person and test run, by the API, as the sign-in page does it.
const sessions = new Map();
async function signIn(email, userAgent = 'browser tests') {
	const answer = await fetch(`${base}/api/v1/session`, {
		method: 'POST', headers: {'Content-Type': 'application/json', 'X-Storeward-CSRF': '1', Origin: base, 'User-Agent': userAgent},
		body: JSON.stringify({email, password}), signal: AbortSignal.timeout(20_000),
	});
	assert(answer.status === 201, `signing in as ${email}: ${answer.status} ${await answer.text()}`);
	const [name, value] = answer.headers.getSetCookie()[0].split(';')[0].split('=');
	return {name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax'};
}
export async function cookieOf(email, fresh, userAgent) {
	if (fresh)
		return signIn(email, userAgent);
	if (!sessions.has(email))
		sessions.set(email, signIn(email));
	return sessions.get(email);
}

// A new window (its own cookies and storage) of that person, or of nobody. fresh: a session no other test has.
export async function person(email, {fresh, ...options} = {}) {
	const context = await browser.newContext({
		baseURL: base, viewport: {width: 1280, height: 900}, reducedMotion: 'reduce', locale: 'en-GB', ...options,
	});
	context.setDefaultTimeout(10_000);
	if (email)
		await context.addCookies([await cookieOf(email, fresh, options.userAgent)]);
	return context;
}
// A page of a new window, for `action`; closed afterwards.
export async function visit(email, options, action) {
	const context = await person(email, options);
	try {
		return await action(await context.newPage(), context);
	} finally {
		await context.close();
	}
}

// --- Pages.
export async function settled(page) {
	await page.locator('main h1').first().waitFor();
	await page.waitForFunction(() => !document.querySelector('main [aria-busy="true"], main .skeleton'), null, {timeout: 10_000});
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
export async function go(page, hash) {
	await page.goto(`/${hash}`);
	await settled(page);
}
// Texts that a page must not take for markup would set this.
export const pwned = (page) => page.evaluate(() => window.pwned);
// The texts of the page, by key, so that a better wording is no broken test.
const catalogues = join(here, '../../static/i18n');
const texts = {};
for (const name of readdirSync(catalogues).filter((f) => /^en[.\w]*json$/.test(f)))
	Object.assign(texts, JSON.parse(readFileSync(join(catalogues, name), 'utf8')));
const plural = new Intl.PluralRules('en');
export function t(key, params = {}) {
	const text = texts[key] ?? texts[`${key}.${plural.select(params.n ?? 0)}`];
	assert(text !== undefined, `static/i18n has no text ${key}`);
	return text.replace(/\{(\w+)\}/g, (all, name) => params[name] ?? all);
}
export const email = (page) => page.locator('input[autocomplete="username"]');
export const secret = (page) => page.locator('input[autocomplete="current-password"]');
export const submit = (scope) => scope.locator('form button:not([type="button"])').first();
