// Every route under the policy the web server sends (Trusted Types included): no violation, no error on the console, no
// failed request; and the first load within its budget.
import {assert, base, check, go, person, pool, visit} from './lib.js';
import {open, routes} from './routes.js';

const FIRST_LOAD = {bytes: 45_000, requests: 20};

// What went wrong on a page. An answer that the route expects is no fault, nor is a request the page itself gave up.
export function watch(page, expected) {
	const faults = [];
	page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
	page.on('console', (m) => {
		if (m.type() === 'error' && !(expected && m.text().includes(`status of ${expected}`)))
			faults.push(`console: ${m.text()}`);
	});
	page.on('requestfailed', (r) => {
		if (r.failure()?.errorText !== 'net::ERR_ABORTED')
			faults.push(`${r.method()} ${r.url()}: ${r.failure()?.errorText}`);
	});
	page.on('response', (r) => {
		if (r.status() >= 400 && r.status() !== expected)
			faults.push(`${r.request().method()} ${r.url()}: ${r.status()}`);
	});
	return faults;
}

async function route(place) {
	const {as, name, status} = place;
	const context = await person(as);
	await context.addInitScript(() => {
		window.violations = [];
		addEventListener('securitypolicyviolation', (e) =>
			window.violations.push(`${e.violatedDirective}: ${e.blockedURI} ${e.sample} ${e.sourceFile}:${e.lineNumber}`));
	});
	const page = await context.newPage();
	const faults = watch(page, status);
	await check(`csp: ${name}: no violation, no error, no failed request`, async () => {
		await open(page, place);
		faults.push(...await page.evaluate(() => window.violations));
		assert(!faults.length, [...new Set(faults)].join('\n'));
	}, page);
	await context.close();
}

const PARTS = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"];
async function policy(page) {
	const answer = await page.goto('/');
	const sent = answer.headers()['content-security-policy'] ?? '';
	for (const part of PARTS)
		assert(sent.includes(part), `${part} is not in: ${sent}`);
	assert(!/unsafe|\*/.test(sent), `too much is allowed: ${sent}`);
}

async function firstLoad(name, as, hash) {
	await visit(as, {}, async (page) => {
		const requests = [];
		page.on('requestfinished', (r) => requests.push(r));
		await go(page, hash);
		const sizes = await Promise.all(requests.map(async (r) =>
			({path: r.url().replace(base, ''), bytes: (await r.sizes()).responseBodySize})));
		const bytes = sizes.reduce((sum, s) => sum + s.bytes, 0);
		console.log(`# first load of ${name}: ${sizes.length} requests, ${bytes} bytes; the largest: ${
			sizes.sort((a, b) => b.bytes - a.bytes).slice(0, 4).map((s) => `${s.path} ${s.bytes}`).join(', ')}`);
		await check(`csp: first load of ${name}: at most ${FIRST_LOAD.bytes / 1000} kB in ${FIRST_LOAD.requests} requests`, async () => {
			assert(sizes.length > 2 && sizes.length <= FIRST_LOAD.requests, `${sizes.length} requests`);
			assert(bytes <= FIRST_LOAD.bytes, `${bytes} bytes`);
		});
	});
}

export default async function csp() {
	await visit(null, {}, (page) => check('csp: the policy is strict', () => policy(page)));
	await firstLoad('sign in', null, '#/sign-in');
	await firstLoad('stores', 'owner@acme.test', '#/stores');
	await pool(2, routes, route);
}
