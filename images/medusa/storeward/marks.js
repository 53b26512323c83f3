// Which steps of set-up are done, kept in the shop's database, so that each is done once: to migrate a
// migrated database costs some 15 seconds of CPU, and what the owner removes must not come again. Step `owner` has
// a trace of the password that was applied, step `credentials` its revision.
const {setTimeout: sleep} = require('timers/promises');
const {Client} = require('pg');
const {databaseUrl} = require('./credentials');

const RETRY_MS = 500;
const TIMEOUT_MS = 10000;

/** A connection to the database; the last error when there is none within that time. */
async function connect(wait_ms) {
	const end = Date.now() + wait_ms;
	for (;;) {
		const db = new Client({
			connectionString: databaseUrl(), connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS,
		});
		db.on('error', () => {});	// a lost connection shows at the next query
		try {
			await db.connect();
			return db;
		} catch (error) {
			if (Date.now() > end) throw error;
			await sleep(RETRY_MS);
		}
	}
}

/** Whether no other set-up is at work on this database until this connection ends. */
async function alone(db, wait_ms) {
	const end = Date.now() + wait_ms;
	while (Date.now() < end) {
		const {rows: [{got}]} = await db.query("select pg_try_advisory_lock(hashtext('storeward.setup')) as got");
		if (got) return true;
		await sleep(RETRY_MS);
	}
	return false;
}

/** The version that each finished step was done with, by the step's name. */
async function marks(db) {
	const {rows: [{there}]} = await db.query("select to_regclass('storeward.setup') is not null as there");
	if (!there) return {};
	const {rows} = await db.query('select step, version from storeward.setup');
	return Object.fromEntries(rows.map((r) => [r.step, r.version]));
}

async function mark(db, step, version) {
	await db.query('create schema if not exists storeward');
	await db.query('create table if not exists storeward.setup (step text primary key, version text not null)');
	await db.query(
		'insert into storeward.setup values ($1, $2) on conflict (step) do update set version = excluded.version',
		[step, version],
	);
}

module.exports = {alone, connect, mark, marks, RETRY_MS};
