// What both pages share: requests to the server they came from, amounts, and elements by their ids.
const TIMEOUT_MS = 30000;

export const $ = (id) => document.getElementById(id);

/** A client that sends those headers; a refusal's sentence is thrown as an Error. */
export const client = (headers = {}) => async (path, {method, body} = {}) => {
	const answer = await fetch(path, {
		method: method ?? (body ? 'POST' : 'GET'),
		body: body && JSON.stringify(body),
		headers: {'content-type': 'application/json', ...headers},
		signal: AbortSignal.timeout(TIMEOUT_MS),
	});
	const value = await answer.json().catch(() => ({}));
	if (!answer.ok) throw new Error(value.message || `the shop answered ${answer.status}`);
	return value;
};

export const money = (amount, currency) =>
	new Intl.NumberFormat('en', {style: 'currency', currency: currency ?? 'usd'}).format(amount ?? 0);

/** An element with attributes and children; text is never read as HTML. */
export function element(name, attributes = {}, ...children) {
	const made = Object.assign(document.createElement(name), attributes);
	made.append(...children);
	return made;
}

/** Runs what a button or form began; it can be used again when that is over. */
export async function busy(control, action) {
	control.disabled = true;
	try {
		await action();
	} catch (error) {
		say(error.name === 'TimeoutError' ? 'The shop did not answer in time; try again.' : error.message);
	} finally {
		control.disabled = false;
	}
}

export const say = (text) => { $('message').textContent = text; };
