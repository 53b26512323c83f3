// A browser's few globals for modules under test: answers are scripted, requests recorded.
export const requests = [];
let script = [];

globalThis.document = Object.assign(new EventTarget(), {hidden: false, activeElement: null, documentElement: {lang: '', dataset: {}}});
globalThis.location = {hash: '', origin: 'https://shop.test'};

// Each answer is a Response, an Error, or a function of the request that gives one; the last one stays.
export function answers(...list) {
	script = list;
	requests.length = 0;
}

export function json(status, body, headers = {}) {
	return () => new Response(body === undefined ? null : JSON.stringify(body), {status, headers: {'Content-Type': 'application/json', Date: new Date().toUTCString(), ...headers}});
}

globalThis.fetch = async (url, options = {}) => {
	requests.push({url: String(url), ...options});
	options.signal?.throwIfAborted();
	const next = script.length > 1 ? script.shift() : script[0];
	const answer = typeof next === 'function' ? await next({url, ...options}) : next;
	if (answer instanceof Error) throw answer;
	return answer;
};
