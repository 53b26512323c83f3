// One request to the API below /api/v1, and what can go wrong with it as one kind of error.
// Knows nothing of pages or sessions: session.js and the shell hang themselves into `hooks`.
import {t} from './i18n.js';

const BASE = '/api/v1';
const TIMEOUT_MS = 15000;
const SKEW_MS = 2000;	// less is the Date header's resolution and the way

export const hooks = {
	unauthorized() {},	// a 401 other than that of a sign-in
	version() {},		// X-Storeward-Version of an answer
};

// The server's clock as far as its answers tell: a browser's may be an hour off.
let offset = 0;
export const now = () => Date.now() + offset;

export class Problem extends Error {
	constructor({status = 0, code = 'unknown', detail, errors = [], requestId = null, retryAfter = null}) {
		super(detail);
		Object.assign(this, {name: 'Problem', status, code, detail, errors, requestId, retryAfter});
	}
	// What the server says of one member, '' for none.
	at(pointer) {
		return this.errors.find((e) => e.pointer === pointer)?.detail ?? '';
	}
}

// The problem in an answer; also of answers that are no JSON (a proxy's error page).
async function problemOf(answer) {
	const body = await answer.json().catch(() => null);
	const wait = Number.parseInt(answer.headers.get('Retry-After') ?? '', 10);
	return new Problem({
		status: answer.status,
		code: body?.code ?? `http_${answer.status}`,
		detail: body?.detail || body?.title || t('problem.not_json', {status: String(answer.status)}),
		errors: Array.isArray(body?.errors) ? body.errors : [],
		requestId: body?.request_id ?? answer.headers.get('X-Request-Id'),
		retryAfter: Number.isNaN(wait) ? null : wait,
	});
}

function unanswered(error, signal) {
	if (signal?.aborted) return error;	// the caller's own wish
	const code = error.name === 'TimeoutError' ? 'timeout' : 'offline';
	return new Problem({code, detail: t(`problem.${code}`)});
}

function notice(headers) {
	const skew = Date.parse(headers.get('Date') ?? '') - Date.now();
	if (!Number.isNaN(skew)) offset = Math.abs(skew) > SKEW_MS ? skew : 0;
	const version = headers.get('X-Storeward-Version');
	if (version) hooks.version(version);
}

async function bodyOf(answer) {
	if (answer.status === 204 || answer.status === 304) return undefined;
	try {
		return await answer.json();
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw new Problem({status: answer.status, code: 'not_json', detail: t('problem.not_json', {status: String(answer.status)})});
	}
}

// A web server that compresses an answer makes its ETag weak; If-Match takes strong ones only.
function strong(headers) {
	const match = headers['If-Match'];
	return match ? {...headers, 'If-Match': match.replace(/^W\//, '')} : headers;
}

export async function request(method, path, {body, headers = {}, signal, poll = false} = {}) {
	const timeout = AbortSignal.timeout(TIMEOUT_MS);
	try {
		const answer = await fetch(BASE + path, {
			method,
			cache: 'no-store',
			headers: {
				'X-Storeward-CSRF': '1',
				...(poll && {'X-Storeward-Poll': '1'}),
				...(body !== undefined && {'Content-Type': 'application/json'}),
				...strong(headers),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
		});
		notice(answer.headers);
		if (!answer.ok && answer.status !== 304) throw await problemOf(answer);
		return {status: answer.status, data: await bodyOf(answer), headers: answer.headers};
	} catch (error) {
		const problem = error instanceof Problem ? error : unanswered(error, signal);
		if (problem.status === 401 && problem.code !== 'credentials_wrong') hooks.unauthorized();
		throw problem;
	}
}

export const get = (path, options) => request('GET', path, options);
export const post = (path, body, options) => request('POST', path, {...options, body});
export const patch = (path, body, options) => request('PATCH', path, {...options, body});
export const del = (path, options) => request('DELETE', path, options);

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// The same request for a shell that has a token in $API_TOKEN.
export function asCurl(method, path, body) {
	const parts = ['curl'];
	if (method !== 'GET') parts.push('-X', method);
	parts.push('-H "Authorization: Bearer $API_TOKEN"');
	if (body !== undefined) parts.push("-H 'Content-Type: application/json'", '-d', quote(JSON.stringify(body)));
	parts.push(quote(globalThis.location.origin + BASE + path));
	return parts.join(' ');
}
