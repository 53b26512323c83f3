// Texts: parameters, plurals, and the catalogue: what is used is there, what is there is used.
import test from 'node:test';
import assert from 'node:assert/strict';
import {readFileSync, readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {known, load, t} from '../../static/i18n.js';

const top = fileURLToPath(new URL('../../static/', import.meta.url));
const PLURALS = ['one', 'other'];
const read = (file) => readFileSync(top + file, 'utf8');
const sources = ['', 'ui/', 'pages/'].flatMap((folder) => readdirSync(top + folder).filter((f) => f.endsWith('.js')).map((f) => folder + f));
const first = JSON.parse(read('i18n/en.json')), more = JSON.parse(read('i18n/en.more.json'));
const all = {...first, ...more};

test('parameters, numbers and plurals', async () => {
	await load({'a': '{x} and {x}, {y}', 'n.one': '{n} store', 'n.other': '{n} stores'});
	assert.equal(t('a', {x: '<b>', y: '{x}'}), '<b> and <b>, {x}');
	assert.equal(t('a', {x: 1}), '1 and 1, {y}');
	assert.deepEqual([0, 1, 2].map((n) => t('n', {n})), ['0 stores', '1 store', '2 stores']);
	assert.equal(t('n', {n: 12345}), `${new Intl.NumberFormat().format(12345)} stores`);
	assert.equal(t('no.such.key'), 'no.such.key');
	assert.equal(known('a'), true);
	assert.equal(known('toString'), false);
});

// What the sources name: whole keys as strings, and beginnings of keys in templates (`status.${status}`).
function used() {
	const text = sources.map(read).join('\n');
	const keys = new Set([...text.matchAll(/['"`]([a-z][\w-]*(?:\.[\w-]+)+|loading)['"`]/g)].map((m) => m[1]));
	const prefixes = new Set([...text.matchAll(/`([a-z]\w*\.(?:[\w-]+\.)*)\$\{/g)].map((m) => m[1]));
	for (const [, group] of text.matchAll(/term\('([\w.]+)'/g)) prefixes.add(`${group}.`);
	return {keys, prefixes};
}
const stem = (key) => PLURALS.includes(key.split('.').at(-1)) ? key.split('.').slice(0, -1).join('.') : key;

test('every text that a source asks for is there', () => {
	const asked = sources.flatMap((file) => [...read(file).matchAll(/\bt\('([^']+)'/g)].map((m) => ({file, key: m[1]})));
	assert.ok(asked.length > 100, 'the sources were not understood');
	assert.deepEqual(asked.filter(({key}) => !(key in all) && !(`${key}.other` in all)), []);
});

test('every text is used, once, and has all of its plurals', () => {
	const {keys, prefixes} = used();
	const idle = Object.keys(all).filter((key) => !keys.has(key) && !keys.has(stem(key)) && ![...prefixes].some((p) => key.startsWith(p)));
	assert.deepEqual(idle, []);
	assert.deepEqual(Object.keys(first).filter((key) => key in more), [], 'in both files');
	const written = ['en', 'en.more'].flatMap((file) => [...read(`i18n/${file}.json`).matchAll(/^\t"([^"]+)":/gm)].map((m) => m[1]));
	assert.ok(written.length >= Object.keys(all).length, 'the files were not understood');
	assert.deepEqual(written.filter((key, i) => written.indexOf(key) !== i), [], 'twice in a file: the last one wins without a word');
	const lonely = Object.keys(all).filter((key) => key.endsWith('.one') && !(`${stem(key)}.other` in all));
	assert.deepEqual(lonely, []);
	assert.deepEqual(Object.keys(all).filter((key) => !all[key].trim()), [], 'empty');
});

test('the first page needs no text of the second file', () => {
	const files = ['app.js', 'api.js', 'html.js', 'live.js', 'router.js', 'session.js', 'ui/parts.js', 'ui/error-card.js', 'ui/sign-in-form.js', 'ui/sign-in-dialog.js',
		'ui/dialog.js', 'ui/field.js', 'ui/empty.js', 'pages/sign-in.js', 'pages/stores.js', 'pages/stores-table.js', 'pages/stores-none.js'];
	const asked = files.flatMap((file) => [...read(file).matchAll(/\bt\('([^']+)'/g)].map((m) => `${file}: ${m[1]}`));
	assert.deepEqual(asked.filter((one) => one.split(': ')[1] in more || `${one.split(': ')[1]}.other` in more), []);
});

test('every import and every link of the page leads to a file', () => {
	const there = (from, path) => {
		const url = new URL(path, new URL(from, `file://${top}`));
		assert.doesNotThrow(() => readFileSync(url), `${from} names ${path}`);
	};
	for (const file of sources) for (const [, path] of read(file).matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)) there(file, path);
	for (const [, path] of read('index.html').matchAll(/(?:href|src)="([^":]+)"/g)) there('index.html', path);
});

test('no markup is made from text', () => {
	for (const file of sources) assert.doesNotMatch(read(file), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, file);
});
