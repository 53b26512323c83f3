// Opens a new shop in a migrated database: its owner, a region with manual payment, free shipping, and
// the products of a JSON file. Run by `medusa exec`, which has made the store, a sales channel and a
// publishable key by then. Every part is looked up first, so an interrupted run can go on.
const fs = require('fs');
const {Modules, ProductStatus} = require('@medusajs/framework/utils');
const flows = require('@medusajs/medusa/core-flows');
const owner = require('./owner');
const toolbox = require('./toolbox');

const PRODUCTS_FILE = process.env.PRODUCTS_FILE ?? '/storeward/products.json';
const COUNTRY = 'us';
const CURRENCY = 'usd';
const STOCK = 100;

async function region({ensure, one, run}) {
	const found = await ensure(
		() => one('region', {currency_code: CURRENCY}),
		() => run(flows.createRegionsWorkflow, {
			regions: [{name: 'United States', currency_code: CURRENCY, countries: [COUNTRY], payment_providers: ['pp_system_default']}],
		}),
	);
	await ensure(
		() => one('tax_region', {country_code: COUNTRY}),
		() => run(flows.createTaxRegionsWorkflow, [{country_code: COUNTRY, provider_id: 'tp_system'}]),
	);
	return found;
}

const location = ({ensure, one, run}) => ensure(
	() => one('stock_location', {name: 'Warehouse'}),
	() => run(flows.createStockLocationsWorkflow, {
		locations: [{name: 'Warehouse', address: {country_code: COUNTRY, address_1: '1 Main Street', city: 'San Francisco'}}],
	}),
);

async function settings({one, run}, region_id, location_id) {
	const store = await one('store', {}, ['id', 'default_sales_channel_id']);
	await run(flows.updateStoresWorkflow, {
		selector: {id: store.id},
		update: {
			name: process.env.STORE_NAME,
			supported_currencies: [{currency_code: CURRENCY, is_default: true}],
			default_region_id: region_id,
			default_location_id: location_id,
		},
	});
	return store.default_sales_channel_id;
}

/** Where the goods lie, what delivers them, and in which sales channel they are offered. */
async function delivery({ensure, link, one, run, service}, location_id, channel_id) {
	const place = await one('stock_location', {id: location_id},
		['fulfillment_providers.id', 'fulfillment_sets.id', 'sales_channels.id']);
	const has = (list, id) => (list ?? []).some((x) => x?.id === id);
	const here = {[Modules.STOCK_LOCATION]: {stock_location_id: location_id}};
	if (!has(place.fulfillment_providers, 'manual_manual')) {
		await link(here, {[Modules.FULFILLMENT]: {fulfillment_provider_id: 'manual_manual'}});
	}
	if (!has(place.sales_channels, channel_id)) {
		await run(flows.linkSalesChannelsToStockLocationWorkflow, {id: location_id, add: [channel_id]});
	}
	const fulfillment = service(Modules.FULFILLMENT);
	const set = await ensure(
		async () => (await fulfillment.listFulfillmentSets({name: 'Delivery'}, {relations: ['service_zones']}))[0],
		() => fulfillment.createFulfillmentSets({
			name: 'Delivery', type: 'shipping',
			service_zones: [{name: 'United States', geo_zones: [{country_code: COUNTRY, type: 'country'}]}],
		}),
	);
	if (!has(place.fulfillment_sets, set.id)) {
		await link(here, {[Modules.FULFILLMENT]: {fulfillment_set_id: set.id}});
	}
	return set.service_zones[0].id;
}

async function shipping({ensure, one, run}, zone_id, region_id) {
	const profile = await ensure(
		() => one('shipping_profile', {type: 'default'}),
		() => run(flows.createShippingProfilesWorkflow, {data: [{name: 'Default', type: 'default'}]}),
	);
	await ensure(
		() => one('shipping_option', {name: 'Free shipping'}),
		() => run(flows.createShippingOptionsWorkflow, [{
			name: 'Free shipping', price_type: 'flat', provider_id: 'manual_manual',
			service_zone_id: zone_id, shipping_profile_id: profile.id,
			type: {label: 'Free', description: 'Free shipping', code: 'free'},
			prices: [{currency_code: CURRENCY, amount: 0}, {region_id, amount: 0}],
			rules: [
				{attribute: 'enabled_in_store', value: 'true', operator: 'eq'},
				{attribute: 'is_return', value: 'false', operator: 'eq'},
			],
		}]),
	);
	return profile.id;
}

const handle = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

async function products({all, run}, wanted, channel_id, profile_id) {
	const there = new Set((await all('product', {handle: wanted.map((p) => handle(p.name))}, ['handle'])).map((p) => p.handle));
	const missing = wanted.filter((p) => !there.has(handle(p.name)));
	if (!missing.length) return;
	await run(flows.createProductsWorkflow, {
		products: missing.map(({sku, name, price, description}) => ({
			title: name, handle: handle(name), description, status: ProductStatus.PUBLISHED,
			shipping_profile_id: profile_id, sales_channels: [{id: channel_id}],
			options: [{title: 'Type', values: ['Standard']}],
			variants: [{
				title: 'Standard', sku, manage_inventory: true, options: {Type: 'Standard'},
				prices: [{currency_code: CURRENCY, amount: Number(price)}],
			}],
		})),
	});
}

async function stock({all, run}, wanted, location_id) {
	const items = await all('inventory_item', {sku: wanted.map((p) => p.sku)}, ['id', 'location_levels.location_id']);
	const levels = items
		.filter((item) => !(item.location_levels ?? []).some((level) => level.location_id === location_id))
		.map((item) => ({location_id, inventory_item_id: item.id, stocked_quantity: STOCK}));
	if (levels.length) await run(flows.createInventoryLevelsWorkflow, {inventory_levels: levels});
	if (items.length !== wanted.length) throw new Error(`${items.length} of ${wanted.length} products are in stock`);
}

exports.default = async ({container}) => {
	const tools = toolbox(container);
	const wanted = JSON.parse(fs.readFileSync(PRODUCTS_FILE, 'utf8'));
	const region_id = (await region(tools)).id;
	const location_id = (await location(tools)).id;
	const channel_id = await settings(tools, region_id, location_id);
	const zone_id = await delivery(tools, location_id, channel_id);
	const profile_id = await shipping(tools, zone_id, region_id);
	await products(tools, wanted, channel_id, profile_id);
	await stock(tools, wanted, location_id);
	await owner.default({container});
	console.log(`shop: ${wanted.length} products, region ${region_id}`);
};
