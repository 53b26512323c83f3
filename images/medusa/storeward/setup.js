// Makes an empty database into a shop. Safe to run again at any point: each step is marked when it is
// done and looks for what an interrupted run left. A migration is done once for each version, and a new
// password of the Secret becomes the owner's.
const {spawnSync} = require('child_process');
const {version} = require('../package.json');
const {isTraceOf, revision, secret, trace} = require('./credentials');
const {alone, connect, mark, marks} = require('./marks');
const {Failure, report} = require('./report');

const WAIT_MS = 180000;
const COMMAND_MS = 600000;
const CLI = `${__dirname}/../node_modules/@medusajs/cli/cli.js`;

// `again`: whether another version does it again. Migration's scripts run on their own, not beside the
// migration that would start them: twice Medusa does not fit the memory.
const STEPS = [
	{name: 'migrate', again: true, command: ['db:migrate', '--skip-scripts', '--execute-safe-links']},
	{name: 'scripts', again: true, command: ['db:migrate:scripts']},
	{name: 'shop', again: false, command: ['exec', './storeward/shop.js']},
];
const OWNER = {name: 'owner', command: ['exec', './storeward/owner.js']};

function run({name, command}) {
	const begin = Date.now();
	const {status, signal, error} = spawnSync(process.execPath, [CLI, ...command], {stdio: 'inherit', timeout: COMMAND_MS});
	if (status !== 0) {
		throw new Failure(name, `medusa ${command[0]} ended with ${error?.code ?? signal ?? `code ${status}`}`,
			'look at the log of this Job');
	}
	console.log(`${name}: done in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

async function connection() {
	try {
		return await connect(WAIT_MS);
	} catch (error) {
		throw new Failure('wait', `no connection to the database within ${WAIT_MS / 1000} s (${error.message})`,
			'look at the log of StatefulSet postgresql');
	}
}

async function steps(db, done) {
	for (const step of STEPS) {
		if (step.again ? done[step.name] === version : step.name in done) {
			console.log(`${step.name}: done before, with version ${done[step.name]}`);
			continue;
		}
		run(step);
		await mark(db, step.name, version);
	}
}

/**
 * The Secret's password becomes the owner's when it is another than the one applied last: one that the owner chose
 * stays until then. A shop without a trace has the password that it was opened with, or that of a first revision.
 * A set-up of an earlier revision, which is about to end, applies nothing.
 */
async function owner(db, done) {
	const password = secret('admin-password');
	if (revision < Number(done.credentials ?? 0)) return;
	if (done.owner ? !isTraceOf(done.owner, password) : revision > 0) run(OWNER);
	await mark(db, 'owner', trace(password));
	await mark(db, 'credentials', String(revision));
}

async function setup() {
	const db = await connection();
	if (!await alone(db, WAIT_MS)) {
		throw new Failure('wait', `another set-up was at work for ${WAIT_MS / 1000} s`, 'wait for it, or look at its log');
	}
	const done = await marks(db);
	await steps(db, done);
	await owner(db, done);
	await db.end();
}

report(setup);
