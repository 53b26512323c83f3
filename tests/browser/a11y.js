// axe-core on every route, in both themes and two widths: no violation of WCAG 2.2 AA, and nothing wider than the window.
import {assert, axePath, check, person, pool, pwned} from './lib.js';
import {open, routes} from './routes.js';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const WIDTHS = [1280, 360];

// Our own policy refuses scripts from elsewhere, so these windows have none; csp.js sees to it in the others.
const violations = (page) => page.evaluate(async (tags) => {
	const result = await window.axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']});
	const why = (v, n) => [...n.any, ...n.all, ...n.none][0]?.message ?? v.help;
	return result.violations.flatMap((v) => v.nodes.slice(0, 4).map((n) => `${v.id}: ${n.target.join(' ')}: ${why(v, n)}`));
}, TAGS);

// The widest element is named, so that the cause is found.
const overflow = (page) => page.evaluate(() => {
	const room = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= room)
		return '';
	const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > room + 1).at(-1);
	const what = `${wide?.tagName.toLowerCase()}.${wide?.className} ${wide?.textContent.trim().slice(0, 60)}`;
	return `${document.documentElement.scrollWidth} px in ${room}: ${what}`;
});

async function look(page, faults) {
	for (const width of WIDTHS) {
		await page.setViewportSize({width, height: 900});
		for (const colorScheme of ['light', 'dark']) {
			await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
			faults.push(...(await violations(page)).map((v) => `${colorScheme}, ${width} px: ${v}`));
		}
		const wide = await overflow(page);
		if (wide)
			faults.push(`${width} px: wider than the window: ${wide}`);
	}
}

async function route(place) {
	const {as, name} = place;
	const context = await person(as, {bypassCSP: true});
	await context.addInitScript({path: axePath});
	const page = await context.newPage();
	await check(`a11y: ${name}: axe light, dark, 1280, 360 px; no overflow`, async () => {
		const faults = [];
		await open(page, place);
		await look(page, faults);
		assert(await pwned(page) === undefined, 'markup in a text was run');
		assert(!faults.length, [...new Set(faults)].join('\n'));
	}, page);
	await context.close();
}
export default () => pool(2, routes, route);
