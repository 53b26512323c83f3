// A raised revision with new values in the Secret: the owner signs in with the new password alone, and what was signed
// in before is signed out. With the same Secret it leaves the owner's own password as it is.
import {randomBytes} from 'node:crypto';

const CHART = new URL('../../../charts/store-engines/medusa', import.meta.url).pathname;
// Another password for the account, as if its owner had chosen it: Medusa's own hash, for the database.
const HASH = "const kdf = require('scrypt-kdf'), fs = require('fs'); " +
	"kdf.kdf(fs.readFileSync(0), {logN: 15, r: 8, p: 1}).then((h) => console.log(h.toString('base64')))";

export async function passwords({ns, page, url, owner, check, same, ask, said, k, helm}) {
	const signIn = async (password) => ask('/auth/user/emailpass', {body: {email: owner.email, password}});
	const orders = async (token) => (await ask('/admin/orders?limit=1', {token})).status;
	const uid = (component) => k(['get', 'pods', '-l', `storeward.io/component=${component}`, '-o', 'jsonpath={.items[*].metadata.uid}']);
	const random = () => randomBytes(18).toString('hex');
	const renew = (password) => {
		const secret = JSON.parse(k(['get', 'secret', 'store-credentials', '-o', 'json']));
		secret.stringData = {'admin-password': password, 'jwt-secret': random(), 'cookie-secret': random()};
		k(['replace', '-f', '-'], JSON.stringify(secret));
	};
	const {annotations} = JSON.parse(k(['get', 'deploy', 'medusa', '-o', 'json'])).spec.template.metadata;
	let revision = Number(annotations?.['storeward.io/credentials-revision'] ?? 0);
	const revise = async () => {
		revision++;
		helm(['upgrade', ns, CHART, '--reuse-values', '--set', `storeward.credentialsRevision=${revision}`, '--timeout', '60s']);
		k(['rollout', 'status', 'deploy/medusa', '--timeout=300s']);
		await page.goto(url);
	};
	const choose = (password) => {
		const hash = k(['exec', '-i', 'deploy/medusa', '-c', 'medusa', '--', 'node', '-e', HASH], password).trim();
		k(['exec', '-i', 'postgresql-0', '--', 'psql', '-qX', '-U', 'postgres', 'medusa'],
			`update provider_identity set provider_metadata = jsonb_build_object('password', '${hash}') where provider = 'emailpass';`);
	};
	const [chosen, renewed] = [random(), random()];

	await check('a password that the owner chose stays while the Secret has the one that was applied', async () => {
		choose(chosen);
		await revise();
		same([(await signIn(owner.password)).status, (await signIn(chosen)).status], [401, 200]);
	});
	await check('new passwords: the former ones and what they opened are worth nothing, without another start of the database', async () => {
		const {token} = said(await signIn(chosen));
		const [server, database] = [uid('medusa'), uid('postgresql')];
		same([await orders(token), await orders('wrong')], [200, 401]);
		renew(renewed);
		await revise();
		same([await orders(token), (await signIn(owner.password)).status, (await signIn(chosen)).status], [401, 401, 401]);
		same(await orders(said(await signIn(renewed)).token), 200);
		same([uid('postgresql') === database, uid('medusa') === server], [true, false]);
	});
	// The tests after this one know the password of before.
	renew(owner.password);
	choose(owner.password);
}
