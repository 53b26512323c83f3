// Runs the suites named, or all, in one browser. Journeys mostly wait, so they run beside each other; those that stop the
// API come last and alone.
import {launch, quit} from './lib.js';

const GROUPS = [['csp'], ['a11y'], ['sign-in', 'stores', 'create', 'changes', 'keyboard', 'tenants'], ['many'], ['faults'], ['away']];
const wanted = process.argv.slice(2);

async function suite(name) {
	const began = Date.now();
	await (await import(`./${name}.js`)).default();
	console.log(`# ${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

await launch();
try {
	for (const group of GROUPS)
		await Promise.all(group.filter((name) => !wanted.length || wanted.includes(name)).map(suite));
} finally {
	await quit();
}
