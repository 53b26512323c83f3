// What a person asks of a store that is there: another version, new passwords, a check at once. The API's side is real, the
// reconciler's answers are written by SQL.
import {assert, check, eventually, go, person, sql, t} from './lib.js';
import {STORES, storeId} from './routes.js';

const button = (page, key, params) => page.locator('main').getByRole('button', {name: t(key, params), exact: true});
const says = (page, text) => page.locator('main').getByText(text).first().waitFor({timeout: 6000});
const open = (page, n) => go(page, `#/stores/${storeId(n)}`);
const store = (n, column) => sql(`select ${column} from store where id = '${storeId(n)}'`);
const NEWEST = () => sql("select version from engine where name = 'minimal' order by loaded_at desc limit 1");
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

// The reconciler has seen the wish and did it, or says why not.
const reconciled = (n, and = '') => sql(`update store_status st set observed_generation = s.generation ${and}
	from store s where s.id = st.store_id and s.id = '${storeId(n)}'`);
const found = (n, condition) => sql(`update store_status set conditions = (select jsonb_agg(c) from jsonb_array_elements(conditions) c
	where c ->> 'type' <> '${condition.type}') || '${JSON.stringify([condition])}' where store_id = '${storeId(n)}'`);
// From now on the page does not learn what others change.
const blind = (page, n) => page.route(`**/api/v1/stores/${storeId(n)}`, (route) =>
	route.request().method() === 'GET' ? route.abort() : route.continue());
// What a control's describedby says: why it cannot be pressed.
const reason = (control) => control.evaluate((e) => (e.getAttribute('aria-describedby') ?? '').split(' ')
	.map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim());
const operation = (page, kind, state) => page.locator('.operation').getByText(t(`store.operation.state.${state}`)).waitFor({timeout: 6000})
	.then(() => page.locator('.operation').getByText(t(`store.operation.${kind}`), {exact: true}).waitFor());

async function upgrade(page) {
	await open(page, 33);
	const version = NEWEST(), press = button(page, 'store.version.do', {version});
	assert(await page.locator('.offers input').count() === 0, 'a backup is asked for that nothing needs');
	await press.click();
	await operation(page, 'upgrade', 'asked');
	assert(store(33, 'engine_version') === version, `the version wished is ${store(33, 'engine_version')}`);
	reconciled(33);
	await operation(page, 'upgrade', 'done');
	await says(page, t('store.version.newest'));
	assert(await press.count() === 0, 'the upgrade is offered again');
}

// The API refuses without a word about a backup; the page wants it before it lets one press.
async function backup(page) {
	await open(page, 34);
	const version = NEWEST(), offers = page.locator('.offers button:not(.copy)'), press = button(page, 'store.version.do', {version});
	assert((await offers.allTextContents()).join() === [version, '0.0.2'].map((v) => t('store.version.do', {version: v})).join(),
		`on offer are: ${await offers.allTextContents()}`);
	const code = await page.evaluate(async ([path, wish]) => {
		const answer = await fetch(path, {method: 'PATCH', headers: {'Content-Type': 'application/json', 'X-Storeward-CSRF': '1'}, body: JSON.stringify(wish)});
		return (await answer.json()).code;
	}, [`/api/v1/stores/${storeId(34)}`, {engine_version: version}]);
	assert(code === 'backup_needed' && store(34, 'engine_version') === '0.0.1', `without a word about a backup: ${code}`);
	assert(await press.isDisabled() && (await reason(press)).includes(t('store.version.backup', {version})), 'it does not say that there is no way back');
	await page.locator('.offers').getByText(t('store.version.backed')).click();
	await press.click();
	await operation(page, 'upgrade', 'asked');
	assert(store(34, 'engine_version') === version, `the version wished is ${store(34, 'engine_version')}`);
}

// 412: somebody was faster; 422: the way is not on offer any more. Both are told beside the button, and nothing is done.
async function refusals(page) {
	await open(page, 35);
	const press = button(page, 'store.version.do', {version: '0.0.2'});
	await blind(page, 35);
	sql(`update store set retries = retries + 1 where id = '${storeId(35)}'`);
	await press.click();
	await says(page, t('store.stale'));
	await page.unrouteAll();
	await open(page, 37);
	await open(page, 35);
	await blind(page, 35);
	sql("update engine set spec = spec || '{\"upgrades\": []}' where name = 'minimal' and version = '0.0.2'");
	try {
		await press.click();
		await says(page, /No upgrade leads from 0\.0\.1 to 0\.0\.2/);
	} finally {
		sql("update engine set spec = spec || '{\"upgrades\": [{\"from\": \"0.0.1\"}]}' where name = 'minimal' and version = '0.0.2'");
	}
	assert(store(35, 'engine_version') === '0.0.1', 'it was upgraded all the same');
}

async function noWay(page) {
	await open(page, STORES.suspended);
	const offers = page.locator('.offers button:not(.copy)');
	assert(await offers.count() === 2, 'a suspended store does not show what is on offer');
	for (const one of await offers.all())
		assert(await one.isDisabled() && (await reason(one)).includes(t('store.version.asleep')), 'a suspended store can be upgraded, or does not say why not');
	await open(page, 37);
	await says(page, t('store.version.none'));
	assert(await page.locator('[name="plan"][value="tiny"]').count() === 1, 'a plan that its version alone has is not offered');
	await open(page, 41);
	await says(page, t('store.version.newest'));
}

// The shop sells on as it was, so its status is ready; the change did not succeed.
async function unfit(page) {
	await open(page, 43);
	const message = 'The quota of the plan is too small.', next = 'Choose a larger plan.';
	await page.locator('[name="plan"]:not(:checked)').first().check();
	await button(page, 'store.plan.change').click();
	await operation(page, 'plan', 'asked');
	found(43, {type: 'Admitted', status: 'False', reason: 'QuotaExceeded', message, since: ago(0)});
	reconciled(43);	// the No is that of an earlier wish
	await operation(page, 'plan', 'seen');
	reconciled(43, `, reason = 'QuotaExceeded', message = '${message}', next_step = '${next}'`);
	await operation(page, 'plan', 'failed');
	await page.locator('.error-card').getByText(next).waitFor();
	assert(await page.locator('h1 [data-status="ready"]').count() === 1, 'the shop that sells is not shown as ready');
}

async function rotate(page) {
	await open(page, 38);
	const ask = button(page, 'store.rotate.new'), dialog = page.getByRole('dialog');
	await ask.click();
	for (const what of ['old', 'sessions', 'sells', 'reveal'])
		assert((await dialog.textContent()).includes(t(`store.rotate.${what}`)), `the dialog does not tell: ${what}`);
	await page.keyboard.press('Escape');
	await dialog.waitFor({state: 'detached'});
	assert(await ask.evaluate((e) => e === document.activeElement), 'the focus did not return to the button');
	assert(store(38, 'credentials_revision') === '0', 'Esc made a new password');
	await page.keyboard.press('Enter');
	await dialog.getByRole('button', {name: t('store.rotate.do')}).click();
	await dialog.waitFor({state: 'detached'});
	await operation(page, 'rotate', 'asked');
	assert(store(38, 'credentials_revision') === '1', `the revision is ${store(38, 'credentials_revision')}`);
	reconciled(38);
	await operation(page, 'rotate', 'done');
	await open(page, 37);
	await says(page, t('store.rotate.never'));
	assert(await ask.count() === 0, 'an engine without new passwords offers them');
	await open(page, STORES.suspended);
	await ask.click();
	const told = await dialog.textContent();
	assert(told.includes(t('store.rotate.asleep')) && !told.includes(t('store.rotate.sells')), `of a suspended shop it says: ${told}`);
	await page.keyboard.press('Escape');
}

async function early(page) {
	await open(page, STORES.provisioning);
	for (const key of ['store.secret.reveal', 'store.secret.without', 'store.check.do']) {
		const one = button(page, key);
		assert(await one.isDisabled() && (await reason(one)).length > 20, `${key} can be pressed before the store was ready, or does not say why not`);
	}
	assert((await reason(button(page, 'store.secret.reveal'))).includes(t('store.secret.early')), 'the reason is another');
	await open(page, STORES.ready);
	assert(await button(page, 'store.secret.reveal').isEnabled(), 'it cannot be pressed when the store is ready');
}

async function checkNow(page) {
	await open(page, 41);
	const status = page.locator('.axis [role="status"]');
	await button(page, 'store.check.do').click();
	await status.getByText(t('store.check.running')).waitFor();
	assert(store(41, 'checks_requested_at is not null') === 't', 'nothing was asked for');
	assert(store(41, 'generation') === '1', 'a check is no wish for another state');
	found(41, {type: 'CheckoutVerified', status: 'False', reason: 'CheckoutFailed', message: 'payment: off', since: ago(0), at: ago(-1), seconds: 4});
	await status.getByText(t('store.check.False')).waitFor({timeout: 6000});
	await page.locator('.is-trouble').getByText('payment: off').waitFor();
	await button(page, 'store.check.do').click();
	await status.getByText(t('store.check.running')).waitFor();
	found(41, {type: 'CheckoutVerified', status: 'True', reason: 'Verified', message: '', since: ago(0), at: ago(-9), seconds: 4});
	await status.getByText(t('store.check.True')).waitFor({timeout: 6000});
	sql(`update store set checks_requested_at = now() + interval '1 h' where id = '${storeId(41)}'`);
	await status.getByText(t('store.check.running')).waitFor({timeout: 6000});
	found(41, {type: 'CheckoutVerified', status: 'True', reason: 'Verified', message: '', since: ago(9000), at: ago(9000), seconds: 4});
	sql(`update store set checks_requested_at = now() - interval '1 h' where id = '${storeId(41)}'`);
	await status.getByText(t('store.check.silent')).waitFor({timeout: 6000});
}

async function orders(page) {
	await open(page, 42);
	const one = page.getByRole('switch', {name: t('store.orders.do')});
	assert(!await one.isChecked() && (await reason(one)).includes(t('store.orders.what')), 'it is on, or does not say what it means');
	await one.check();
	assert(await eventually(() => store(42, 'probe_orders') === 't'), 'no orders are wished');
	await open(page, 41);
	await open(page, 42);
	assert(await one.isChecked(), 'the switch forgot');
	await one.uncheck();
	assert(await eventually(() => store(42, 'probe_orders') === 'f'), 'orders are still wished');
	assert(await page.locator('.operation').count() === 0, 'it shows progress of what needs none');
}

async function conditions(page) {
	await open(page, 31);
	const of = (text) => page.locator('.condition').filter({hasText: text});
	const classes = async (text) => await of(text).getAttribute('class');
	assert(await page.locator('h1 [data-status="ready"]').count() === 1, 'the store is not ready');
	await says(page, t('store.health.but'));
	const overdue = await of('Scheduled actions').innerText();
	assert(/is-trouble/.test(await classes('Scheduled actions')), 'a condition that is False does not stand out');
	assert(overdue.includes('Overdue') && overdue.includes('does not exist.') && /checked \d+ minutes ago/.test(overdue), `it says: ${overdue}`);
	const unknown = t('store.condition.Isolation');
	assert(/is-unknown/.test(await classes(unknown)) && /changed 1 hour ago/.test(await of(unknown).innerText()), `what is unknown: ${await of(unknown).innerText()}`);
	for (const one of await page.locator('.condition').all())
		assert(await one.locator('time').count() === 1, `without its age: ${await one.innerText()}`);
}

// A viewer sees every control, can press none, and is told who can.
async function viewer() {
	const context = await person('viewer@acme.test');
	const page = await context.newPage();
	await check('changes: a viewer can press nothing and reads why', async () => {
		await open(page, 30);
		const controls = await page.locator('.store :is(.columns, .axes) :is(button:not(.copy), input)').all();
		assert(controls.length >= 12, `only ${controls.length} controls`);
		for (const one of controls) {
			const name = await one.evaluate((e) => (e.labels?.[0] ?? e).textContent.trim());
			assert(await one.isDisabled(), `${name} can be pressed`);
			const role = t('role.operator');
			assert(await one.evaluate((e) => e.type === 'radio') || (await reason(one)).includes(role), `${name} does not say who can`);
		}
	}, page);
	await context.close();
}

export default async function changes() {
	const context = await person('operator@acme.test');
	const steps = [
		['upgrade', upgrade], ['an upgrade that needs a backup', backup], ['refusals are told beside the button', refusals],
		['no way on: suspended, none, newest', noWay], ['a change that does not fit', unfit], ['new password', rotate],
		['no passwords before the store was ready', early], ['check now', checkNow], ['orders in the hourly check', orders],
		['what is not well on a ready store', conditions],
	];
	for (const [what, action] of steps) {
		const page = await context.newPage();
		await check(`changes: ${what}`, () => action(page), page);
		await page.close();
	}
	await context.close();
	await viewer();
}
