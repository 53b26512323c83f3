// Signing in and out: wrong and right passwords, guessing slowed down, where one wanted to go, and what is left behind.
import {assert, base, check, email, eventually, password, person, secret, settled, sql, submit, t} from './lib.js';

const ALICE = 'owner@beta.test';

async function enter(page, address, word) {
	await email(page).fill(address);
	await secret(page).fill(word);
	await submit(page).click();
}
const signedIn = async (page) => {
	await page.getByRole('heading', {name: t('signin.title'), level: 1}).waitFor({state: 'detached'});
	await settled(page);
};
const cookies = async (context) => (await context.cookies()).filter((c) => c.name === '__Host-storeward');

async function wrongThenRight(page, context) {
	await page.goto('/#/account');
	await email(page).waitFor();
	await enter(page, ALICE, 'not the password');
	await page.getByText(t('signin.code.credentials_wrong')).first().waitFor();
	assert((await cookies(context)).length === 0, 'a wrong password gave a cookie');
	assert(await email(page).inputValue() === ALICE, 'the address was forgotten');
	await enter(page, ALICE, password);
	await signedIn(page);
	assert(new URL(page.url()).hash === '#/account', `it leads to ${page.url()}`);
	const [cookie] = await cookies(context);
	assert(cookie?.httpOnly && cookie.secure && cookie.sameSite !== 'None', `the cookie: ${JSON.stringify(cookie)}`);
	const kept = await page.evaluate(() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie]));
	assert(!kept.includes(cookie.value) && !kept.includes('__Host-storeward'), 'a script can read the session');
}

// What a member of the tenant sees must be gone after signing out, also by the Back button; the cookie's session too.
async function signOut(page, context) {
	const [cookie] = await cookies(context);
	await page.goto('/#/stores');
	await page.getByRole('link', {name: 'beta-1'}).first().waitFor();
	await page.getByRole('button', {name: t('shell.user', {email: ALICE})}).click();
	await page.getByText(t('shell.signout'), {exact: true}).click();
	await email(page).waitFor();
	await page.goBack();
	await email(page).waitFor();
	assert(await page.getByText('beta-1').count() === 0, 'stores are still shown');
	const answer = await fetch(`${base}/api/v1/me`, {headers: {Cookie: `${cookie.name}=${cookie.value}`}});
	assert(answer.status === 401, `the old cookie still works: ${answer.status}`);
}

// After some wrong passwords the next try has to wait; the page says how long and lets one try then.
async function guessing(page) {
	await page.goto('/#/sign-in');
	await email(page).waitFor();
	sql(`insert into sign_in_delay select 'both:' || encode(sha256('${ALICE}'), 'hex') || ':127.0.0.1', 8, now()
		on conflict (key) do update set failures = 8, last_at = now()`);
	await enter(page, ALICE, password);
	await page.getByText(/try again in \d+ second/).first().waitFor();
	assert(await submit(page).isDisabled(), 'one can go on guessing');
	assert(await eventually(() => submit(page).isEnabled(), 15000), 'the button stays off');
	await secret(page).fill(password);
	await submit(page).click();
	await signedIn(page);
}

// A password manager and a clipboard must work (WCAG 3.3.8).
async function pasting(page, context) {
	await context.grantPermissions(['clipboard-read', 'clipboard-write'], {origin: base});
	await page.goto('/#/sign-in');
	await email(page).fill(ALICE);
	await page.evaluate((text) => navigator.clipboard.writeText(text), password);
	await secret(page).focus();
	await page.keyboard.press('Control+V');
	assert(await secret(page).inputValue() === password, 'the password field does not take what is pasted');
	await page.keyboard.press('Enter');
	await signedIn(page);
}

export default async function signInJourney() {
	const context = await person(null);
	const page = await context.newPage();
	await check('sign in: wrong password refused, the right one leads where one wanted to go', () => wrongThenRight(page, context), page);
	await check('sign in: signing out leaves nothing to see or use', () => signOut(page, context), page);
	await check('sign in: guessing is slowed down, with a count-down', () => guessing(page), page);
	await context.clearCookies();
	await page.reload();
	await check('sign in: a password can be pasted, Enter signs in', () => pasting(page, context), page);
	sql('delete from sign_in_delay');
	await context.close();
}
