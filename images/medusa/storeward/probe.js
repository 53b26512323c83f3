// Buys a product with manual payment as a customer would, through the Store API; sees the order as the
// owner; cancels and removes it, and sees that its stock is free again. How far it goes says PROBE_MODE:
// `create` needs manual payment; `order` stops before it orders where another payment replaced it;
// `browse` always stops there.
const email = require('./probe-email');
const {secret} = require('./credentials');
const {Failure, report} = require('./report');

const SHOP = process.env.SHOP_URL ?? 'http://medusa';
const MODE = process.env.PROBE_MODE || 'create';
const MODES = ['create', 'order', 'browse'];
const MANUAL = 'pp_system_default';
const TIMEOUT_MS = 40000;
const LOG = 'look at the log of Deployment medusa';
const ADDRESS = {
	first_name: 'Checkout', last_name: 'Probe', address_1: '1 Main Street', city: 'San Francisco',
	province: 'CA', postal_code: '94107',
};

/** A client that sends those headers: call(step, method, path, body, wanted status). */
const client = (headers, next = LOG) => async (step, method, path, body, want = 200) => {
	let answer, text;
	try {
		answer = await fetch(SHOP + path, {
			method, headers: {'content-type': 'application/json', ...headers},
			body: body && JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS),
		});
		text = await answer.text();
	} catch (error) {
		throw new Failure(step, `the shop did not answer (${error.cause?.code ?? error.name})`, next);
	}
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		value = {message: 'not JSON'};
	}
	if (answer.status !== want) {
		const what = String(value.message ?? '').slice(0, 200);
		throw new Failure(step, `${method} ${path.split('?')[0]} answered ${answer.status}: ${what}`, next);
	}
	return value;
};

/** The value, or the end of the probe where the shop has none. */
function need(value, step, what, next) {
	if (value === undefined || value === null) throw new Failure(step, what, next);
	return value;
}

async function signIn() {
	const credentials = {email: secret('admin-user'), password: secret('admin-password')};
	const {token} = await client({}, `${LOG}, or give the store new passwords`)('sign-in', 'POST', '/auth/user/emailpass', credentials);
	return client({authorization: `Bearer ${token}`});
}

/** A cart with a product, an address and a delivery. */
async function fill(shop, region) {
	const list = await shop('products', 'GET', `/store/products?limit=20&region_id=${region.id}&fields=title,*variants.calculated_price`);
	const product = need(list.products.find((p) => p.variants?.[0]?.calculated_price), 'products',
		'no product can be bought', 'publish a product with a price and stock');
	const {cart} = await shop('cart', 'POST', '/store/carts', {region_id: region.id, email});
	const path = `/store/carts/${cart.id}`;
	await shop('cart', 'POST', `${path}/line-items`, {variant_id: product.variants[0].id, quantity: 1});
	const address = {...ADDRESS, country_code: need(region.countries?.[0], 'address', 'the region has no country', 'add one').iso_2};
	await shop('address', 'POST', path, {shipping_address: address, billing_address: address});
	const {shipping_options: [option]} = await shop('shipping', 'GET', `/store/shipping-options?cart_id=${cart.id}`);
	need(option, 'shipping', 'no delivery is offered', 'add a shipping option to the region');
	await shop('shipping', 'POST', `${path}/shipping-methods`, {option_id: option.id});
	return {id: cart.id, title: product.title};
}

/** Whether this probe may order: by no other payment than the manual one. */
async function mayOrder(shop, region) {
	const {payment_providers: offered} = await shop('payment', 'GET', `/store/payment-providers?region_id=${region.id}`);
	need(offered[0], 'payment', 'the checkout offers no payment method', 'add one to the region');
	const manual = offered.some((p) => p.id === MANUAL);
	if (MODE === 'create' && !manual) throw new Failure('payment', 'manual payment is not offered', 'add it to the region');
	return manual && MODE !== 'browse';
}

async function order(shop, cart_id) {
	const {payment_collection: payment} = await shop('payment', 'POST', '/store/payment-collections', {cart_id});
	await shop('payment', 'POST', `/store/payment-collections/${payment.id}/payment-sessions`, {provider_id: MANUAL});
	const placed = await shop('checkout', 'POST', `/store/carts/${cart_id}/complete`);
	return need(placed.order, 'checkout', `the cart became no order: ${placed.error?.message ?? placed.type}`, LOG);
}

/** The order as the owner has it, with stock reserved for each of its items. */
async function see(admin, id) {
	const seen = (await admin('order', 'GET', `/admin/orders/${id}?fields=id,email,status,total,*items`)).order;
	if (seen.email !== email || seen.status !== 'pending') {
		throw new Failure('order', `the order is ${seen.status} and of ${seen.email}`, 'look at the order');
	}
	return seen;
}

const reservations = async (admin, items) => {
	const query = items.map((i) => `line_item_id[]=${i.id}`).join('&');
	return (await admin('stock', 'GET', `/admin/reservations?${query}`)).reservations.length;
};

/** Orders and carts of a probe that was killed. */
async function tidy(admin) {
	const {orders} = await admin('leftovers', 'GET', `/admin/orders?q=${encodeURIComponent(email)}&fields=id,email&limit=20`);
	for (const {id} of orders.filter((o) => o.email === email)) {
		await admin('leftovers', 'DELETE', `/admin/probe-orders/${id}`);
	}
	await admin('leftovers', 'DELETE', '/admin/probe-carts');
}

async function remove(admin, {id, items}) {
	await admin('cancel', 'POST', `/admin/orders/${id}/cancel`);
	if (await reservations(admin, items)) {
		throw new Failure('stock', 'the cancelled order still holds stock', 'remove its reservations');
	}
	await admin('remove', 'DELETE', `/admin/probe-orders/${id}`);
	await admin('remove', 'GET', `/admin/orders/${id}`, undefined, 404);
}

async function probe() {
	if (!MODES.includes(MODE)) throw new Failure('mode', `PROBE_MODE is ${MODE}`, `set one of ${MODES.join(', ')}`);
	const admin = await signIn();
	await tidy(admin);
	const config = await client({})('products', 'GET', '/shop-config');
	const key = need(config.key, 'products', 'the shop has no publishable key', 'create one and give it the sales channel');
	const shop = client({'x-publishable-api-key': key});
	const {regions} = await shop('products', 'GET', '/store/regions');
	const region = need(regions.find((r) => r.id === config.region_id) ?? regions[0], 'products', 'the shop has no region', 'create one');
	const cart = await fill(shop, region);
	if (!await mayOrder(shop, region)) {
		await admin('remove', 'DELETE', '/admin/probe-carts');
		return `put ${cart.title} into a cart as far as the payment, without placing an order`;
	}
	const placed = await order(shop, cart.id);
	const seen = await see(admin, placed.id);
	await remove(admin, seen);
	return `bought ${cart.title} for ${seen.total}, order ${placed.display_id} seen and removed`;
}

report(probe);
