// Ends when the shop is set up for this version and has its new passwords: before that the server could not
// start, or would let in who knows the former one.
const {setTimeout: sleep} = require('timers/promises');
const {version} = require('../package.json');
const {revision} = require('./credentials');
const {connect, marks, RETRY_MS} = require('./marks');
const {Failure, report} = require('./report');

const WAIT_MS = 900000;

async function wait() {
	const end = Date.now() + WAIT_MS;
	const db = await connect(WAIT_MS);
	for (;;) {
		const done = await marks(db);
		const current = done.migrate === version && done.scripts === version && 'shop' in done;
		if (current && Number(done.credentials ?? 0) >= revision) break;
		if (Date.now() > end) {
			throw new Failure('wait', `set-up did not end within ${WAIT_MS / 1000} s`, 'look at the log of Job setup');
		}
		await sleep(RETRY_MS);
	}
	await db.end();
}

report(wait);
