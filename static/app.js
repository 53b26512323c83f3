// A plain list of stores. The token lives in this module's memory only; text is always set as text, never as markup.

const POLL_MS = 3000, TIMEOUT_MS = 10000;
const MARKS = {ready: '●', requested: '○', provisioning: '◐', deleting: '◌', suspended: '‖', degraded: '▲', failed: '✕'};
const $ = (id) => document.getElementById(id);

let token = '';
let timer;
let seen = 0;	// when the list was last read

class Problem extends Error {
	constructor(status, body) {
		const fields = (body.errors ?? []).map((e) => `${e.pointer.replace(/^\//, '')} ${e.detail}`);
		super(fields.length ? fields.join('; ') : body.detail ?? `The server answered ${status}.`);
		this.status = status;
	}
}

async function call(method, path, body) {
	const answer = await fetch(`/api/v1${path}`, {
		method,
		headers: {Authorization: `Bearer ${token}`, ...(body && {'Content-Type': 'application/json'})},
		body: body && JSON.stringify(body),
		signal: AbortSignal.timeout(TIMEOUT_MS),
	});
	const data = await answer.json().catch(() => ({}));
	if (!answer.ok) throw new Problem(answer.status, data);
	return {data, total: Number(answer.headers.get('X-Total-Count'))};
}

function element(name, text, attributes = {}) {
	const e = document.createElement(name);
	e.textContent = text;
	for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
	return e;
}

function cell(row, ...children) {
	const td = document.createElement('td');
	td.append(...children.filter(Boolean));
	row.append(td);
}

function link(url, text) {
	return url && /^https?:/.test(url) ? element('a', text, {href: url, rel: 'noreferrer', target: '_blank'}) : null;
}

function storeRow(s) {
	const row = document.createElement('tr');
	const why = s.status !== 'ready' && s.message ? `${s.message} ${s.next_step ?? ''}` : '';
	cell(row, element('strong', s.name), element('small', s.id), link(s.storefront_url, 'Shop'), s.admin_url && ' · ', link(s.admin_url, 'Admin'));
	cell(row, element('span', `${MARKS[s.status] ?? '?'} ${s.status}`, {class: s.status}), s.reason && s.status !== 'ready' ? ` ${s.reason}` : '', element('small', why));
	cell(row, element('span', s.engine));
	cell(row, element('time', new Date(s.created_at).toLocaleString(), {datetime: s.created_at}));
	const remove = element('button', 'Delete', {type: 'button', 'data-store': s.id, 'data-name': s.name, 'aria-label': `Delete ${s.name}`});
	remove.disabled = s.status === 'deleting';
	cell(row, remove);
	return row;
}

// Rows are replaced only when something changed, and the focus goes back to the same store's button.
let shown = '';
function show(stores, total) {
	const now = JSON.stringify(stores);
	$('none').hidden = stores.length > 0;
	if (now === shown) return;
	shown = now;
	const focused = document.activeElement?.dataset?.store;
	$('rows').replaceChildren(...stores.map(storeRow));
	if (focused) document.querySelector(`[data-store="${CSS.escape(focused)}"]`)?.focus();
	if (total > stores.length) $('rows').append(element('tr', `The newest ${stores.length} of ${total} stores.`));
}

function freshness(problem) {
	const age = Math.round((Date.now() - seen) / 1000);
	$('freshness').textContent = problem ? (seen ? `Stale for ${age} s: ${problem}` : problem) : 'Live';
}

async function refresh() {
	clearTimeout(timer);
	try {
		const {data, total} = await call('GET', '/stores?limit=100');
		seen = Date.now();
		show(data, total);
		freshness('');
	} catch (e) {
		if (e.status === 401) return signOut('This token is not valid any more.');
		freshness(e instanceof Problem ? e.message : 'the server does not answer; trying again.');
	}
	// Some jitter, so that many open pages do not ask at the same moment.
	timer = setTimeout(refresh, POLL_MS * (0.9 + Math.random() / 5));
}

function signOut(why) {
	clearTimeout(timer);
	token = '';
	$('stores').hidden = true;
	$('sign-in').hidden = false;
	$('freshness').textContent = '';
	$('problem').textContent = why;
	$('token').focus();
}

async function act(button, what) {
	$('problem').textContent = '';
	button.disabled = true;
	try {
		await what();
	} catch (e) {
		$('problem').textContent = e instanceof Problem ? e.message : 'The server does not answer. Nothing was lost; try again.';
	} finally {
		button.disabled = false;
	}
}

$('sign-in').addEventListener('submit', (event) => {
	event.preventDefault();
	act(event.submitter, async () => {
		token = $('token').value.trim();
		const {data} = await call('GET', '/engines').catch((e) => { token = ''; throw e; });
		$('token').value = '';
		$('engine').replaceChildren(...data.map((e) => element('option', e.title, {value: e.name})));
		$('sign-in').hidden = true;
		$('stores').hidden = false;
		await refresh();
		$('name').focus();
	});
});

$('create').addEventListener('submit', (event) => {
	event.preventDefault();
	act(event.submitter, async () => {
		await call('POST', '/stores', {name: $('name').value, engine: $('engine').value});
		$('name').value = '';
		await refresh();
	});
});

$('rows').addEventListener('click', ({target}) => {
	if (!target.dataset.store) return;
	$('doomed').textContent = target.dataset.name;
	$('typed').value = '';
	$('really').disabled = true;
	$('confirm').dataset.store = target.dataset.store;
	$('confirm').returnValue = '';
	$('confirm').showModal();
	$('typed').focus();
});
$('typed').addEventListener('input', () => { $('really').disabled = $('typed').value !== $('doomed').textContent; });
$('confirm').addEventListener('close', () => {
	if ($('confirm').returnValue !== 'delete' || $('typed').value !== $('doomed').textContent) return;
	act($('really'), async () => {
		await call('DELETE', `/stores/${$('confirm').dataset.store}`);
		await refresh();
	});
});
