// What a page needs before it can use the Store API. Nothing of it is secret.
const {ContainerRegistrationKeys} = require('@medusajs/framework/utils');

exports.GET = async (req, res) => {
	const query = req.scope.resolve(ContainerRegistrationKeys.QUERY);
	const {data: [store]} = await query.graph({entity: 'store', fields: ['name', 'default_region_id']});
	const {data: [key]} = await query.graph({
		entity: 'api_key', fields: ['token'], filters: {type: 'publishable', revoked_at: null},
	});
	res.set('cache-control', 'no-store').json({name: store?.name, region_id: store?.default_region_id, key: key?.token});
};
