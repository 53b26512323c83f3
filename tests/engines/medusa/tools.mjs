// What the parts of storefront-medusa.mjs share: requests from the shop's page, and the cluster's programs.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';

const bin = (name) => process.env[name.toUpperCase()] ?? join(process.env.BROWSER_DEPS, '../bin', name);

/** Runs in the shop's page: a request with a JSON body, or with {name, type, base64} or {bytes} as an upload. */
async function request([path, {token, body, file, method}]) {
	let form;
	if (file) {
		const content = file.base64 ? Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0)) : new Uint8Array(file.bytes);
		form = new FormData();
		form.append('files', new File([content], file.name, {type: file.type}));
	}
	const answer = await fetch(path, {
		method: method ?? (body || file ? 'POST' : 'GET'), body: form ?? (body && JSON.stringify(body)), cache: 'no-store',
		headers: {...(body && {'content-type': 'application/json'}), ...(token && {authorization: `Bearer ${token}`})},
	});
	const bytes = new Uint8Array(await answer.arrayBuffer());
	const base64 = btoa(bytes.reduce((s, b) => s + String.fromCharCode(b), ''));
	return {status: answer.status, headers: Object.fromEntries(answer.headers), base64};
}

const run = (file, args, input) => execFileSync(file, args, {encoding: 'utf8', timeout: 320000, input, stdio: ['pipe', 'pipe', 'pipe']});

export function toolsOf(page, url) {
	const ns = new URL(url).hostname.split('.')[0];
	return {
		ns, run,
		ask: (path, options = {}) => page.evaluate(request, [path, options]),
		said: ({base64}) => JSON.parse(Buffer.from(base64, 'base64')),
		/** kubectl in the shop's namespace: k([ARGUMENT...], what it reads). */
		k: (args, input) => run(bin('kubectl'), ['--request-timeout=310s', '-n', ns, ...args], input),
		helm: (args) => run(bin('helm'), ['-n', ns, ...args]),
	};
}
