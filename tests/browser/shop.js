// A customer in the shop's own pages, and its keeper in the shop's administration, for each engine.
import {assert} from './lib.js';

const BUYER = {
	'First name': 'Ada', 'Last name': 'Buyer', 'Address': '1 Test Street', 'City': 'Berlin', 'Postal code': '10115', 'Phone': '030123',
};
const SLOW = {timeout: 60_000};	// the first visit of a page warms the shop up

// WooCommerce's blocks, from the front page to the thank-you page; returns the order's number.
async function buyInWoocommerce(page, shop) {
	await page.goto(shop, SLOW);
	await page.getByRole('link', {name: 'Premium T-Shirt'}).first().click();
	await page.getByRole('heading', {name: 'Premium T-Shirt', level: 1}).waitFor(SLOW);
	await page.locator('.single_add_to_cart_button').click();
	await page.getByText(/has been added to your cart|in cart/i).first().waitFor(SLOW);
	await page.goto(`${shop.replace(/\/$/, '')}/checkout/`, SLOW);
	await page.getByRole('textbox', {name: /^email/i}).fill('ada@example.com', SLOW);
	// The address may begin as a country without fields; Germany is one with a city and a postal code.
	await page.getByLabel(/^country/i).first().selectOption('DE');
	for (const [label, value] of Object.entries(BUYER))
		await page.getByLabel(new RegExp(`^${label}`)).first().fill(value);
	await page.getByText('Cash on delivery').first().click();
	await page.getByRole('button', {name: /place order/i}).click();
	await page.waitForURL(/order-received\/(\d+)/, SLOW);
	await page.getByText(/order has been received/i).first().waitFor(SLOW);
	return page.url().match(/order-received\/(\d+)/)[1];
}

async function orderInWordpress(page, admin, {user, password}, order) {
	await page.goto(admin, SLOW);
	await page.locator('#user_login').fill(user);
	await page.locator('#user_pass').fill(password);
	await page.locator('#wp-submit').click();
	await page.locator('#wpadminbar').waitFor(SLOW);
	await page.goto(new URL(`admin.php?page=wc-orders&action=edit&id=${order}`, admin.endsWith('/') ? admin : `${admin}/`).href, SLOW);
	await page.getByRole('heading', {name: `Order #${order}`}).first().waitFor(SLOW);
	const text = await page.locator('#wpbody').textContent();
	assert(/Cash on delivery/i.test(text) && text.includes('Premium T-Shirt'), 'the order in WordPress lacks the T-Shirt or the way it is paid');
}

async function buyInMinimal(page, shop) {
	await page.goto(shop, SLOW);
	await page.locator('li').filter({hasText: 'Premium T-Shirt'}).getByRole('button').click();
	for (const [label, value] of [['Name', 'Ada Buyer'], ['Email', 'ada@example.com'], ['Address', '1 Test Street, Berlin']])
		await page.getByLabel(label).fill(value);
	await page.getByRole('button', {name: /cash on delivery/}).click();
	return (await page.getByText(/^Order \S+:/).textContent()).match(/^Order (\S+):/)[1];
}

async function orderInMinimal(page, admin, {user, password}, order) {
	await page.setExtraHTTPHeaders({Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`});
	await page.goto(admin, SLOW);
	await page.getByText(order).first().waitFor();
}

export const shops = {
	woocommerce: {buy: buyInWoocommerce, seeOrder: orderInWordpress},
	minimal: {buy: buyInMinimal, seeOrder: orderInMinimal},
};
