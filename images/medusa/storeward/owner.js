// The administrator, who signs in with the Secret's password. Run by `medusa exec`, and as a part of opening a
// shop; it makes what an interrupted run, or somebody in the shop, left out.
const {Modules} = require('@medusajs/framework/utils');
const flows = require('@medusajs/medusa/core-flows');
const {secret} = require('./credentials');
const toolbox = require('./toolbox');

const PROVIDER = 'emailpass';

/** The identity that signs in with this password: a new one, or the one there is. */
async function identity(auth, email, password) {
	const [known] = await auth.listProviderIdentities({entity_id: email, provider: PROVIDER});
	const {success, authIdentity, error} = known
		? await auth.updateProvider(PROVIDER, {entity_id: email, password})
		: await auth.register(PROVIDER, {body: {email, password}});
	if (!success) throw new Error(`the owner's account: ${error}`);
	return authIdentity.id;
}

exports.default = async ({container}) => {
	const {ensure, one, run, service} = toolbox(container);
	const email = secret('admin-user');
	const user = await ensure(
		() => one('user', {email}),
		() => run(flows.createUsersWorkflow, {users: [{email}]}),
	);
	const auth = service(Modules.AUTH);
	const id = await identity(auth, email, secret('admin-password'));
	await auth.updateAuthIdentities({id, app_metadata: {user_id: user.id}});
	console.log(`owner: ${email} has the password of the Secret`);
};
