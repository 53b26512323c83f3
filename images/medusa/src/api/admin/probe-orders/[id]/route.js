// Removes an order of the checkout probe and what came with it; Medusa itself only cancels and archives.
// Below /admin, so only the owner may; of any other customer's order it refuses.
const {ContainerRegistrationKeys, MedusaError, Modules} = require('@medusajs/framework/utils');
const {cancelOrderWorkflow} = require('@medusajs/medusa/core-flows');
const forget = require('../../../../../storeward/forget');
const email = require('../../../../../storeward/probe-email');

async function find(scope, id) {
	const {data: [order]} = await scope.resolve(ContainerRegistrationKeys.QUERY).graph({
		entity: 'order', filters: {id},
		fields: ['id', 'email', 'status', 'cart.id', 'payment_collections.id'],
	});
	if (!order) throw new MedusaError(MedusaError.Types.NOT_FOUND, 'no such order');
	if (order.email !== email) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, 'this order is a customer\'s');
	return order;
}

async function remove(scope, {id, cart, payment_collections}) {
	const payments = (payment_collections ?? []).map((p) => p.id);
	const order = {[Modules.ORDER]: {order_id: id}};
	const links = payments.map((p) => ({...order, [Modules.PAYMENT]: {payment_collection_id: p}}));
	if (cart) links.push({...order, [Modules.CART]: {cart_id: cart.id}});
	if (links.length) await scope.resolve(ContainerRegistrationKeys.LINK).dismiss(links);
	await scope.resolve(Modules.ORDER).deleteOrders([id]);
	if (payments.length) await scope.resolve(Modules.PAYMENT).deletePaymentCollections(payments);
	await forget(scope);
}

exports.DELETE = async (req, res) => {
	const order = await find(req.scope, req.params.id);
	if (order.status !== 'canceled') {
		await cancelOrderWorkflow(req.scope).run({input: {order_id: order.id}});
	}
	await remove(req.scope, order);
	res.json({id: order.id, deleted: true});
};
