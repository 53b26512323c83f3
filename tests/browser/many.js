// 10,000 stores in one tenant: a page costs what it shows, wherever in the list it is. Asserts rows and bytes, which are
// the same on every machine; times are only printed. MANY_REPEATS: requests per figure.
import {assert, base, check, cookieOf, settled, sql, sqlFile, visit} from './lib.js';

const STORES = 10_000, REPEATS = Number(process.env.MANY_REPEATS || 5);
const OWNER = 'owner@many.test';
const ROW_BYTES = 1500;	// a store of the list, as JSON, at the most

let cookie;
async function get(path) {
	const began = performance.now();
	const answer = await fetch(base + path, {headers: {Cookie: `${cookie.name}=${cookie.value}`}, signal: AbortSignal.timeout(20_000)});
	const text = await answer.text();
	assert(answer.status === 200, `${path}: ${answer.status} ${text}`);
	return {rows: JSON.parse(text), bytes: text.length, ms: performance.now() - began, total: Number(answer.headers.get('x-total-count')),
		next: answer.headers.get('link')?.match(/<([^>]+)>; *rel="?next"?/)?.[1]};
}
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

// The same request some times; its figures on one line.
async function measure(name, path) {
	const answers = [];
	for (let i = 0; i < REPEATS; i++)
		answers.push(await get(path));
	const ms = answers.map((a) => a.ms).sort((a, b) => a - b);
	const [p50, p95] = [0.5, 0.95].map((share) => at(ms, share).toFixed(1));
	console.log(`# ${name.padEnd(34)} p50 ${p50} ms, p95 ${p95} ms, ${answers[0].bytes} bytes, ${answers[0].rows.length ?? '-'} rows`);
	return answers[0];
}

// From the first page to the last by the cursors; returns the last page's path.
async function walk() {
	const seen = new Set();
	let path = '/api/v1/stores?sort=urgency&limit=100', last = path, pages = 0;
	for (; path; pages++) {
		const page = await get(path);
		assert(page.rows.length <= 100, `${page.rows.length} rows in a page of 100`);
		page.rows.forEach((s) => seen.add(s.id));
		[last, path] = [path, page.next];
		assert(pages <= STORES / 100, 'the cursors do not end');
	}
	assert(seen.size === STORES, `${seen.size} different stores in ${pages} pages`);
	return last;
}

async function lists(last) {
	const paths = [
		['first page, by urgency', '/api/v1/stores?sort=urgency&limit=20', 20],
		['first page, newest first', '/api/v1/stores?limit=20', 20],
		['last page, by cursor', last, 100],
		['skip=9980', '/api/v1/stores?sort=urgency&limit=20&skip=9980', 20],
		['status=failed', '/api/v1/stores?status=failed&limit=20', 20],
		['q=0999', '/api/v1/stores?q=0999&limit=20', 20],
		['100 rows', '/api/v1/stores?limit=100', 100],
	];
	for (const [name, path, limit] of paths) {
		const page = await measure(name, path);
		assert(page.rows.length > 0 && page.rows.length <= limit, `${name}: ${page.rows.length} rows, limit ${limit}`);
		assert(page.bytes <= page.rows.length * ROW_BYTES, `${name}: ${page.bytes} bytes for ${page.rows.length} rows`);
	}
	const summary = await measure('summary', '/api/v1/stores/summary');
	assert(summary.rows.total === STORES, `the summary counts ${summary.rows.total}`);
	assert(summary.bytes < 1000, `the summary has ${summary.bytes} bytes`);
}

async function inTheBrowser(page) {
	const answers = [];
	page.on('response', (r) => r.url().includes('/api/v1/') && answers.push(r));
	const began = Date.now();
	await page.goto('/#/stores');
	await page.getByRole('link', {name: /^store-\d{5}$/}).first().waitFor();
	const first = Date.now() - began;
	const rows = await page.getByRole('link', {name: /^store-\d{5}$/}).count();
	const next = Date.now();
	const name = await page.getByRole('link', {name: /^store-\d{5}$/}).first().textContent();
	await page.getByRole('link', {name: /^next/i}).or(page.getByRole('button', {name: /^next/i})).first().click();
	await page.getByRole('link', {name, exact: true}).waitFor({state: 'detached'});
	await settled(page);
	const paint = await page.evaluate(() => Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1));
	console.log(`# in the browser: first contentful paint ${paint} ms, rows there after ${first} ms, next page after ${Date.now() - next} ms`);
	assert(rows > 0 && rows <= 100, `${rows} rows on the page`);
	for (const answer of answers) {
		const bytes = (await answer.body().catch(() => '')).length;
		assert(bytes <= 100 * ROW_BYTES, `${answer.url()}: ${bytes} bytes`);
	}
}

export default async function many() {
	sqlFile('seed-many.sql');
	assert(sql("select count(*) from store s join tenant t on t.id = s.tenant_id where t.name = 'many'") === String(STORES), 'seeding failed');
	cookie = await cookieOf(OWNER);
	let last;
	if (await check(`many: the cursors lead through all ${STORES} stores, each once`, async () => { last = await walk(); }))
		await check('many: no answer has more rows than its limit, nor more bytes than its rows', () => lists(last));
	await visit(OWNER, {}, (page) => check('many: the page shows one page of them, and the next', () => inTheBrowser(page), page));
}
