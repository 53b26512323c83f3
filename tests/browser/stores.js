// The list: filters, order, search and pages live in the URL and are the server's work; it keeps itself up to date and
// does not move under the pointer. Texts of stores are shown as text; deleting wants the name.
import {assert, check, eventually, go, person, pwned, settled, sql, t} from './lib.js';
import {STORES, storeId} from './routes.js';

const links = (page) => page.locator('main a[href^="#/stores/0"]');
const names = async (page) => (await links(page).allTextContents()).map((text) => text.trim());
const hash = (page) => new URL(page.url()).hash;
const first = (page, wanted) => eventually(async () => (await names(page))[0] === wanted, 6000);

async function urgency(page) {
	await go(page, '#/stores');
	await links(page).first().waitFor();
	const seen = await names(page);
	assert(/^(failed-shop|w{50})$/.test(seen[0]), `the first is ${seen[0]}`);
	const rest = ['degraded-shop', 'deleting-shop', 'provisioning-shop', 'requested-shop', 'suspended-shop', 'ready-shop'];
	assert(seen.filter((name) => rest.includes(name)).join() === rest.join(), `the order: ${seen}`);
	const row = page.locator('main tr, main li').filter({hasText: 'failed-shop'}).first();
	assert(await row.getByText(/cannot be had/).count() > 0, 'a failed row does not say why');
}

async function filter(page) {
	await go(page, '#/stores');
	await page.locator('main a[href*="status=degraded"]').first().click();
	await page.waitForURL(/status=degraded/);
	assert(await eventually(async () => (await names(page)).join() === 'degraded-shop'), `degraded are: ${await names(page)}`);
	await page.goBack();
	assert(await eventually(async () => (await names(page)).length > 1), 'Back does not take the filter away');
	await go(page, '#/stores?status=suspended,degraded&sort=name');
	assert((await names(page)).join() === 'degraded-shop,suspended-shop', `two statuses: ${await names(page)}`);
	await go(page, '#/stores?q=no-such-store');
	await page.getByText(t('stores.none.clear'), {exact: true}).click();
	await links(page).first().waitFor();
}

async function search(page) {
	await go(page, '#/stores?sort=name');
	const seen = [];
	page.on('request', (r) => r.url().includes('q=') && seen.push(r.url()));
	await page.getByRole('searchbox').pressSequentially('shop-01', {delay: 60});
	const found = async () => {
		const all = await names(page);
		return all.length === 10 && all.every((name) => name.startsWith('shop-01'));
	};
	assert(await eventually(found), `found: ${await names(page)}`);
	assert(hash(page).includes('q=shop-01'), `the URL is ${hash(page)}`);
	assert(new Set(seen).size <= 5, `${new Set(seen).size} searches for 7 letters`);
	await page.reload();
	await settled(page);
	assert((await names(page)).length === 10 && await page.getByRole('searchbox').inputValue() === 'shop-01', 'a reload forgets the search');
}

async function sort(page) {
	await go(page, '#/stores');
	const header = page.getByRole('columnheader', {name: t('stores.col.name')}).first();
	await header.getByRole('link').or(header.getByRole('button')).click();
	assert(await first(page, 'degraded-shop'), `by name the first is ${(await names(page))[0]}`);
	assert(await header.getAttribute('aria-sort') === 'ascending', `aria-sort is ${await header.getAttribute('aria-sort')}`);
	await header.getByRole('link').or(header.getByRole('button')).click();
	assert(await first(page, 'w'.repeat(50)), `by name, the other way, the first is ${(await names(page))[0]}`);
	assert(await header.getAttribute('aria-sort') === 'descending', 'aria-sort does not say descending');
}

// All pages forth: every store once; one page back is the former one.
async function paging(page) {
	await go(page, '#/stores?sort=name');
	await page.locator('main').getByText(/\b55\b/).first().waitFor();
	const seen = [], next = page.locator('a[rel="next"]');
	let before = '';
	for (let i = 0; i < 10; i++) {
		const shown = await names(page);
		seen.push(...shown);
		if (!await next.count())
			break;
		before = shown[0];
		await next.click();
		assert(await eventually(async () => (await names(page))[0] && (await names(page))[0] !== before), 'the next page does not come');
	}
	assert(seen.length === 55 && new Set(seen).size === 55, `${seen.length} rows, ${new Set(seen).size} stores`);
	await page.locator('a[rel="prev"]').click();
	assert(await first(page, before), `the former page begins with ${(await names(page))[0]}, not ${before}`);
}

async function live(page) {
	await go(page, '#/stores?q=shop-050');
	await links(page).first().waitFor();
	await page.evaluate(() => { window.stays = true; });
	const shop = `store_id = '${storeId(50)}'`;
	sql(`update store_status set phase = 'degraded', reason = 'Probe', message = 'seen live' where ${shop}`);
	await page.locator('main').getByText('seen live').first().waitFor({timeout: 4000});
	assert(await page.evaluate(() => window.stays), 'the page was loaded again');
	sql(`update store_status set phase = 'ready', reason = null, message = null where ${shop}`);
}

// Under the pointer no row moves: the page says that the order changed, and sorts when asked.
async function still(page) {
	await go(page, '#/stores?sort=-changed_at');
	await links(page).first().waitFor();
	await page.mouse.move(5, 5);
	const before = await names(page);
	await links(page).first().hover();
	sql(`update store_status set changed_at = now() where store_id = '${storeId(55)}'`);
	const button = page.getByRole('button', {name: /refresh order/});
	await button.first().waitFor({timeout: 6000});
	assert((await names(page))[0] === before[0], 'the row moved away under the pointer');
	await button.first().click();
	assert(await first(page, 'shop-055'), `after "refresh order" the first is ${(await names(page))[0]}`);
}

async function asText(page) {
	await go(page, `#/stores/${storeId(STORES.failed)}`);
	await page.locator('main').getByText('<script>window.pwned=2</script>').first().waitFor();
	for (const where of ['#/stores?status=failed', '#/audit', '#/account', `#/stores/${storeId(STORES.deleting)}`])
		await go(page, where);
	assert(await pwned(page) === undefined, 'a text was run');
	assert(await page.locator('main img').count() === 0, 'a text became a picture');
}

async function remove(page) {
	await go(page, `#/stores/${storeId(54)}`);
	const open = page.getByRole('button', {name: /^delete/i}).last();
	await open.click();
	const dialog = page.getByRole('dialog');
	assert((await dialog.textContent()).includes('shop-054'), 'the dialog does not name the store');
	await dialog.getByRole('textbox').fill('shop-05');
	const confirm = dialog.getByRole('button', {name: /^delete/i});
	if (await confirm.isEnabled())
		await confirm.click();
	assert(await dialog.isVisible() && sql("select desired from store where name = 'shop-054'") === 'present', 'a wrong name was enough');
	await page.keyboard.press('Escape');
	await dialog.waitFor({state: 'detached'});
	await open.click();
	await dialog.getByRole('textbox').fill('shop-054');
	await dialog.getByRole('button', {name: /^delete/i}).click();
	await dialog.waitFor({state: 'detached'});
	await page.locator('main').getByText(t('status.deleting')).first().waitFor({timeout: 5000});
	assert(sql("select desired from store where name = 'shop-054'") === 'absent', 'the store is not to be deleted');
}

// Back from a store is back at its row; the next page of the list begins at its top.
async function place(page) {
	await go(page, '#/stores');
	await page.evaluate(() => scrollTo(0, 1200));
	await page.waitForFunction(() => history.state?.down === 1200);
	await page.locator('[data-row]').nth(25).click();
	await page.getByRole('link', {name: t('store.back')}).waitFor();
	assert(await page.evaluate(() => scrollY) === 0, 'a store is not shown from its top');
	await page.goBack();
	await page.locator('[data-row]').nth(25).waitFor();
	// The click itself may have scrolled the row into view.
	assert(await eventually(() => page.evaluate(() => scrollY > 600 && scrollY === history.state?.down), 4000), 'Back does not lead to where one was');
	await page.getByRole('link', {name: t('pager.next')}).click();
	assert(await eventually(() => page.evaluate(() => scrollY === 0), 2000), 'the next page is shown from its end');
}

export default async function stores() {
	const context = await person('owner@acme.test');
	const steps = [
		['what needs a person comes first', urgency], ['filters, Back, clear', filter], ['search', search], ['sort', sort], ['pages', paging], ['Back keeps the place', place],
		['a change is shown without a reload', live], ['no row moves under the pointer', still], ['texts are text', asText],
		['delete wants the name', remove],
	];
	for (const [what, action] of steps) {
		const page = await context.newPage();
		await check(`stores: ${what}`, () => action(page), page);
		await page.close();
	}
	await context.close();
}
