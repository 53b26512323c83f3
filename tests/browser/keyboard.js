// From signing in to a deleted store with Tab, Enter, arrows and typing only; where the focus is must always be seen.
import {assert, check, password, person, settled, sql} from './lib.js';

const WHO = 'keys@keys.test', NAME = 'keys-shop', STOPS_MAX = 80;

// The focused control, and whether a person can see that it is: marked, and not behind something else.
const focus = (page) => page.evaluate(() => {
	const e = document.activeElement;
	if (!e || e.tabIndex < 0)	// the page, or a heading to begin reading at
		return null;
	const box = e.getBoundingClientRect(), label = e.labels?.[0] ?? null;
	const marked = (one) => {
		const s = getComputedStyle(one);
		return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none';
	};
	const within = (at, most) => Math.min(Math.max(at, 0), most - 1);
	const top = document.elementFromPoint(within(box.left + box.width / 2, innerWidth), within(box.top + Math.min(box.height / 2, 20), innerHeight));
	// A radio or check box may be drawn by its label.
	const seen = top && (e.contains(top) || top.contains(e) || label?.contains(top) || top.closest('label')?.contains(e));
	return {
		tag: e.tagName.toLowerCase(), type: e.type ?? '',
		name: (e.getAttribute('aria-label') ?? (label ? label.textContent : e.textContent) ?? '').trim(),
		marked: [e, label, e.closest('label')].some((one) => one && marked(one)), seen: Boolean(seen),
	};
});

// Tab until the control is reached; every stop on the way must be visible, and it too.
async function tabTo(page, what, wanted) {
	const stops = [];
	for (let i = 0; i < STOPS_MAX; i++) {
		const now = await focus(page);
		if (now) {
			const where = `${now.tag} "${now.name.slice(0, 60)}"`;
			stops.push(now.name.slice(0, 30));
			assert(now.marked, `the focus on ${where} is not marked`);
			assert(now.seen, `${where} has the focus and is hidden or covered`);
			if (wanted(now))
				return;
		}
		await page.keyboard.press('Tab');
	}
	throw new Error(`${what} is not reached in ${STOPS_MAX} stops: ${stops.join(' | ')}`);
}
const button = (text) => (f) => (f.tag === 'button' || f.tag === 'a') && text.test(f.name);
const field = (text) => (f) => f.tag === 'input' && text.test(f.name);
const radio = (text) => (f) => f.type === 'radio' && text.test(f.name);

async function signIn(page) {
	await page.goto('/#/sign-in');
	await page.locator('input[autocomplete="username"]').waitFor();
	await tabTo(page, 'the address', field(/mail/i));
	await page.keyboard.type(WHO);
	await page.keyboard.press('Tab');
	await tabTo(page, 'the password', (f) => f.type === 'password');
	await page.keyboard.type(password);
	await page.keyboard.press('Enter');
	await page.locator('input[type="password"]').waitFor({state: 'detached'});
	await settled(page);
}

async function create(page) {
	await tabTo(page, 'the way to a new store', button(/create|new store/i));
	await page.keyboard.press('Enter');
	await page.waitForURL('**/#/stores/new');
	await settled(page);
	await tabTo(page, 'the engines', radio(/./));
	for (let i = 0; i < 4 && !/minimal/i.test((await focus(page)).name); i++)
		await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Space');
	await tabTo(page, 'the name', field(/name/i));
	await page.keyboard.type(NAME);
	await page.keyboard.press('Tab');
	await tabTo(page, 'the button that creates', (f) => f.tag === 'button' && /create/i.test(f.name));
	await page.keyboard.press('Enter');
	await page.waitForURL(/#\/stores\/[0-9a-f-]{36}$/);
	await settled(page);
	assert((await page.locator('main h1').textContent()).includes(NAME), 'the page is not that of the new store');
	assert(sql(`select engine from store where name = '${NAME}'`) === 'minimal', 'the store is not in the database as wished');
}

async function remove(page) {
	await tabTo(page, 'the way to delete', (f) => f.tag === 'button' && /delete/i.test(f.name));
	await page.keyboard.press('Enter');
	await page.getByRole('dialog').waitFor();
	assert(await page.evaluate(() => document.querySelector('dialog').contains(document.activeElement)), 'the focus is not in the dialog');
	await page.keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({state: 'detached'});
	assert(/delete/i.test((await focus(page))?.name ?? ''), 'the focus did not return to the button after Esc');
	await page.keyboard.press('Enter');
	await page.getByRole('dialog').waitFor();
	await tabTo(page, 'the field for the name', (f) => f.tag === 'input');
	await page.keyboard.type(NAME);
	await page.keyboard.press('Tab');
	await tabTo(page, 'the button that deletes', (f) => f.tag === 'button' && /delete/i.test(f.name));
	await page.keyboard.press('Enter');
	await page.getByRole('dialog').waitFor({state: 'detached'});
	assert(sql(`select desired from store where name = '${NAME}'`) === 'absent', 'the store is not to be deleted');
}

export default async function keyboard() {
	const context = await person(null);
	const page = await context.newPage();
	await check('keyboard: sign in', () => signIn(page), page) &&
		await check('keyboard: create a store', () => create(page), page) &&
		await check('keyboard: delete it, Esc first; the focus is always seen', () => remove(page), page);
	await context.close();
}
