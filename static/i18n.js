// Texts by key from i18n/LANGUAGE.json (what the first page needs) and LANGUAGE.more.json. Keys are flat; a text that
// counts has an entry for each plural form, 'stores.count.one' and 'stores.count.other', chosen by the parameter n.
const LANGUAGES = ['en'];
const wanted = (globalThis.navigator?.languages ?? []).map((tag) => tag.split('-')[0]);
const language = wanted.find((one) => LANGUAGES.includes(one)) ?? LANGUAGES[0];
const plural = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat();
const texts = Object.create(null);	// no key of Object is a text

async function fetched(file) {
	const answer = await fetch(new URL(`i18n/${file}`, import.meta.url));
	if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
	return answer.json();
}

// Takes the texts given, or the language's first file.
export async function load(given) {
	Object.assign(texts, given ?? await fetched(`${language}.json`));
	if (globalThis.document) document.documentElement.lang = language;
}

// The other texts, fetched once; a failure is tried again by the next who wants them.
let rest = null;
export function more() {
	rest ??= fetched(`${language}.more.json`).then(load, (error) => {
		rest = null;
		throw error;
	});
	return rest;
}

export const known = (key) => key in texts;

export function t(key, params = {}) {
	const text = texts[key] ?? texts[`${key}.${plural.select(params.n ?? 0)}`] ?? key;
	return text.replace(/\{(\w+)\}/g, (all, name) => {
		const value = params[name];
		return typeof value === 'number' ? numbers.format(value) : value ?? all;
	});
}
