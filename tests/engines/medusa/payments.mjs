// When the owner takes every way of paying out of the shop, the probe says which step fails, whatever its mode.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const BREAK = new URL('../../../charts/store-engines/medusa/test/break', import.meta.url).pathname;
const WANTED = 'payment: the checkout offers no payment method; add one to the region';

export async function payments({url, address, owner, check, same, k, run}) {
	const work = mkdtempSync(join(tmpdir(), 'payments-'));
	writeFileSync(join(work, '.curlrc'), `connect-to = "::${address}:80"\n`);
	writeFileSync(join(work, 'admin-user'), owner.email, {mode: 0o600});
	writeFileSync(join(work, 'admin-password'), owner.password, {mode: 0o600});
	const owners = (what) => run('/usr/bin/env', [`CURL_HOME=${work}`, BREAK, what, url, work, new URL(url).hostname.split('.')[0]]);

	/** What the probe says in that mode; each run has a name of its own, as the pod of one before may still be there. */
	let runs = 0;
	function probe(mode) {
		const name = `probe-${mode}-${++runs}`;
		const job = JSON.parse(k(['create', 'job', name, '--from=cronjob/probe', '--dry-run=client', '-o', 'json']));
		job.spec.template.spec.containers[0].env = [{name: 'PROBE_MODE', value: mode}];
		k(['create', '-f', '-'], JSON.stringify(job));
		for (const end = Date.now() + 190000; Date.now() < end; k(['get', 'job', name])) {
			const pods = JSON.parse(k(['get', 'pods', '-l', `job-name=${name}`, '-o', 'json'])).items;
			const over = pods[0]?.status.containerStatuses?.[0]?.state.terminated;
			if (!over) continue;
			k(['delete', 'job', name]);
			return [over.exitCode, over.message];
		}
		throw new Error(`no end of the probe in mode ${mode} within 190 s`);
	}

	await check('the probe names the step when nothing can be paid, in the modes of a live shop too', async () => {
		same(owners('payments'), 'United States: nothing\n');
		for (const mode of ['order', 'browse']) same(probe(mode), [1, WANTED]);
		same(owners('mend'), 'United States: pp_system_default\n');
		same(probe('browse')[0], 0);
	});
	rmSync(work, {recursive: true});
}
