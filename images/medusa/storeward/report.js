// How set-up and probe say what they did, or why they gave up.
const fs = require('fs');

const TERMINATION_LOG = process.env.TERMINATION_LOG ?? '/dev/termination-log';

/** What went wrong in a step of set-up or of a purchase, and what the owner can do. */
class Failure extends Error {
	constructor(step, what, next) {
		super(`${step}: ${what}; ${next}`.replace(/\s+/g, ' ').slice(0, 1000));
	}
}

/** Runs a program; its one line, if it has one, or its failure's goes where Kubernetes keeps it. */
async function report(program) {
	try {
		const line = await program();
		if (line === undefined) return;
		console.log(line);
		fs.writeFileSync(TERMINATION_LOG, line);
	} catch (error) {
		const line = error instanceof Failure ? error.message : `unexpected: ${error.message}; look at the log of this Job`;
		console.error(error instanceof Failure ? line : error);
		fs.writeFileSync(TERMINATION_LOG, line);
		process.exit(1);	// a connection that is still open would keep it alive
	}
}

module.exports = {Failure, report};
