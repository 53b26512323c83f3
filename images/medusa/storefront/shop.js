// The storefront: products, a cart that outlives a reload, and a checkout that pays on delivery.
import {$, busy, client, element, money, say} from './api.js';

const PAYMENT = 'pp_system_default';
const config = await client()('/shop-config');
const store = client({'x-publishable-api-key': config.key});
let region, cart;

function remember(value) {
	cart = value;
	if (cart) localStorage.setItem('cart', cart.id);
	else localStorage.removeItem('cart');
	showCart();
}

async function add(variant) {
	if (!cart) remember((await store('/store/carts', {body: {region_id: region.id}})).cart);
	const body = {variant_id: variant.id, quantity: 1};
	remember((await store(`/store/carts/${cart.id}/line-items`, {body})).cart);
}

async function remove(line) {
	const {parent} = await store(`/store/carts/${cart.id}/line-items/${line.id}`, {method: 'DELETE'});
	remember(parent);
}

function lineOf(line) {
	const name = `${line.quantity} × ${line.product_title}`;
	const button = element('button', {type: 'button', ariaLabel: `Remove ${line.product_title}`}, 'Remove');
	button.onclick = () => busy(button, () => remove(line));
	return element('li', {}, element('span', {}, name), element('span', {}, money(line.unit_price * line.quantity, cart.currency_code)), button);
}

function showCart() {
	const lines = cart?.items ?? [];
	$('cart').replaceChildren(...lines.map(lineOf));
	$('total').textContent = money(cart?.total, cart?.currency_code);
	$('empty').hidden = lines.length > 0;
	$('sum').hidden = $('checkout').hidden = lines.length === 0;
}

function cardOf(product) {
	const [variant] = product.variants;
	const price = variant.calculated_price;
	const button = element('button', {type: 'button', ariaLabel: `Add to cart: ${product.title}`}, 'Add to cart');
	button.onclick = () => busy(button, async () => {
		await add(variant);
		say(`${product.title} is in your cart.`);
	});
	const picture = product.thumbnail ? [element('img', {src: product.thumbnail, alt: '', loading: 'lazy'})] : [];
	return element('li', {},
		...picture,
		element('h3', {}, product.title),
		element('p', {}, product.description ?? ''),
		element('p', {className: 'price'}, money(price.calculated_amount, price.currency_code)),
		button);
}

async function showProducts() {
	const fields = 'title,description,thumbnail,*variants.calculated_price';
	const {products} = await store(`/store/products?limit=100&order=title&region_id=${region.id}&fields=${fields}`);
	const offered = products.filter((p) => p.variants?.[0]?.calculated_price);
	$('products').replaceChildren(...offered.map(cardOf));
	$('products').removeAttribute('aria-busy');
	if (!offered.length) say('This shop has no products yet.');
}

async function order({email, ...address}) {
	const path = `/store/carts/${cart.id}`;
	await store(path, {body: {email, shipping_address: address, billing_address: address}});
	const {shipping_options: [option]} = await store(`/store/shipping-options?cart_id=${cart.id}`);
	if (!option) throw new Error('This shop does not deliver there.');
	await store(`${path}/shipping-methods`, {body: {option_id: option.id}});
	const {payment_collection: payment} = await store('/store/payment-collections', {body: {cart_id: cart.id}});
	await store(`/store/payment-collections/${payment.id}/payment-sessions`, {body: {provider_id: PAYMENT}});
	const placed = await store(`${path}/complete`, {method: 'POST'});
	if (placed.type !== 'order') throw new Error(placed.error?.message ?? 'The order was not placed.');
	return placed.order;
}

$('checkout').onsubmit = (event) => {
	event.preventDefault();
	const form = event.target;
	busy(form.querySelector('button'), async () => {
		const placed = await order(Object.fromEntries(new FormData(form)));
		remember(undefined);
		say(`Thank you. Order ${placed.display_id} is placed: ${money(placed.total, placed.currency_code)}, to be paid on delivery.`);
		$('message').scrollIntoView();
	});
};

/** The cart of an earlier visit, unless it was ordered or is gone. */
async function recall() {
	const id = localStorage.getItem('cart');
	const found = id && await store(`/store/carts/${encodeURIComponent(id)}`).catch(() => null);
	remember(found?.cart && !found.cart.completed_at ? found.cart : undefined);
}

async function start() {
	$('name').textContent = document.title = config.name ?? 'Shop';
	const {regions} = await store('/store/regions');
	region = regions.find((r) => r.id === config.region_id) ?? regions[0];
	const countries = (region.countries ?? []).map((c) => element('option', {value: c.iso_2}, c.display_name ?? c.iso_2));
	$('checkout').elements.country_code.append(...countries);
	await Promise.all([showProducts(), recall()]);
}

start().catch((error) => say(`The shop could not be shown: ${error.message}`));
