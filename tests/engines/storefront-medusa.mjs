// storefront-medusa.mjs URL ADDRESS: buys in the shop's own page with Chromium, and finds the order on the owner's.
// ADDRESS is where the URL's host is. BROWSER_DEPS is a folder with playwright-core and axe-core in node_modules;
// standard input is {"email", "password"} of the owner; KUBECONFIG leads to its cluster. Prints "ok NAME" or "not ok NAME" lines.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {passwords} from './medusa/passwords.mjs';
import {payments} from './medusa/payments.mjs';
import {toolsOf} from './medusa/tools.mjs';
import {uploads} from './medusa/uploads.mjs';

const [url, address] = process.argv.slice(2);
const need = createRequire(join(process.env.BROWSER_DEPS, 'package.json'));
const {chromium} = need('playwright-core');
const {email, password} = JSON.parse(readFileSync(0, 'utf8'));
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const FIELDS = {
	'E-mail': 'grace@example.com', 'First name': 'Grace', 'Last name': 'Buyer', Address: '1 Test Street', City: 'Denver',
	'Postal code': '80202',
};
const browser = await chromium.launch({
	executablePath: process.env.STOREWARD_BROWSER || '/usr/bin/chromium',
	args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), `--host-resolver-rules=MAP ${new URL(url).host} ${address}:80`],
});
const page = await browser.newPage();
const faults = [];
page.setDefaultTimeout(60000);
page.on('console', (m) => m.type() === 'error' && faults.push(m.text()));
page.on('pageerror', (e) => faults.push(e.message));
await page.addInitScript({path: need.resolve('axe-core/axe.min.js')});

async function check(name, action) {
	try {
		await action();
		console.log(`ok medusa storefront: ${name}`);
	} catch (error) {
		process.exitCode = 1;
		console.log(`# ${error.message.split('\n').slice(0, 6).join('\n# ')}\nnot ok medusa storefront: ${name}`);
	}
}

function same(found, wanted) {
	if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}

/** No violation, in light and dark, wide and narrow, and nothing wider than the window. */
async function accessible() {
	for (const [colorScheme, width] of [['light', 1280], ['dark', 360]]) {
		await page.emulateMedia({colorScheme});
		await page.setViewportSize({width, height: 900});
		same(await page.evaluate(async (tags) => {
			const {violations} = await window.axe.run(document, {runOnly: {type: 'tag', values: tags}});
			return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`));
		}, TAGS), []);
		same(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true);
	}
}

const said = (text) => page.getByRole('status').getByText(text).waitFor();
const add = async (name) => {
	await page.getByRole('button', {name: `Add to cart: ${name}`}).click();
	await said(`${name} is in your cart.`);
};
let order;

await check('lists the five products with prices', async () => {
	await page.goto(url);
	await page.locator('#products li').first().waitFor();
	same(await page.locator('#products li').evaluateAll((list) => list.map((li) =>
		`${li.querySelector('h3').textContent} ${li.querySelector('.price').textContent}`)), [
		'Ceramic Coffee Mug $15.00', 'Eco-Friendly Yoga Mat $30.00', 'Premium T-Shirt $25.00', 'Running Shoes $85.00',
		'Wireless Headphones $199.00']);
});
await check('keeps a cart over a reload, and takes a product out again', async () => {
	await add('Ceramic Coffee Mug');
	await add('Premium T-Shirt');
	await page.reload();
	await page.locator('#cart li').nth(1).waitFor();
	same((await page.locator('#cart li').allTextContents()).sort(), ['1 × Ceramic Coffee Mug$15.00Remove', '1 × Premium T-Shirt$25.00Remove']);
	await page.getByRole('button', {name: 'Remove Premium T-Shirt'}).click();
	await page.locator('#total').getByText('$15.00').waitFor();
});
await check('is accessible with a cart', accessible);
await check('places an order, to be paid on delivery', async () => {
	for (const [label, text] of Object.entries(FIELDS)) await page.getByLabel(label, {exact: true}).fill(text);
	await page.getByRole('button', {name: 'Place order'}).click();
	await said(/^Thank you\. Order \d+ is placed: \$15\.00/);
	[, order] = (await page.locator('#message').textContent()).match(/Order (\d+)/);
	same(await page.locator('#empty').isVisible(), true);
});
await check('shows the owner this order after a sign-in, and nobody without', async () => {
	await page.goto(`${url}/orders`);
	await page.getByLabel('User name').fill(email);
	await page.getByLabel('Password').fill(password);
	await page.getByRole('button', {name: 'Sign in'}).click();
	await page.getByRole('row', {name: 'grace@example.com'}).first().waitFor();
	const cells = await page.getByRole('row').filter({hasText: 'grace@example.com'}).first().locator('td').allTextContents();
	same([cells[0], ...cells.slice(2)], [order, 'grace@example.com', '1 × Ceramic Coffee Mug', '$15.00', 'pending']);
	await page.reload();
	same(await page.getByRole('row').count(), 0);
});
await check('the owner\'s page is accessible', accessible);
await check('no page reported an error', () => same(faults, []));
const tools = {page, url, address, owner: {email, password}, check, same, ...toolsOf(page, url)};
for (const part of [uploads, payments, passwords]) await part(tools);
await browser.close();
