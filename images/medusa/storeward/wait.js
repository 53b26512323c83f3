// Ends when the shop is set up for this version: before that the server could not start.
const {setTimeout: sleep} = require('timers/promises');
const {version} = require('../package.json');
const {connect, marks, RETRY_MS} = require('./marks');
const {Failure, report} = require('./report');

const WAIT_MS = 900000;

async function wait() {
	const end = Date.now() + WAIT_MS;
	const db = await connect(WAIT_MS);
	for (;;) {
		const done = await marks(db);
		if (done.migrate === version && done.scripts === version && 'shop' in done) break;
		if (Date.now() > end) {
			throw new Failure('wait', `set-up did not end within ${WAIT_MS / 1000} s`, 'look at the log of Job setup');
		}
		await sleep(RETRY_MS);
	}
	await db.end();
}

report(wait);
