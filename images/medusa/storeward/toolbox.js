// What each part of set-up inside Medusa works with: one() finds a record, run() runs a workflow, ensure() makes
// what is missing, so that an interrupted run can go on.
const {ContainerRegistrationKeys} = require('@medusajs/framework/utils');

module.exports = (container) => {
	const query = container.resolve(ContainerRegistrationKeys.QUERY);
	const all = async (entity, filters, fields = ['id']) => (await query.graph({entity, fields, filters})).data;
	const one = async (...args) => (await all(...args))[0];
	const run = async (flow, input) => (await flow(container).run({input})).result;
	const ensure = async (find, make) => {
		const found = await find();
		if (found) return found;
		await make();
		return find();
	};
	const link = (from, to) => container.resolve(ContainerRegistrationKeys.LINK).create({...from, ...to});
	return {all, ensure, link, one, run, service: (name) => container.resolve(name)};
};
