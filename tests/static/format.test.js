// Numbers and times; the texts are the locale's, so they are compared with what Intl says.
import test from 'node:test';
import assert from 'node:assert/strict';
import {absolute, bytes, duration, number, percent, relative} from '../../static/format.js';

const ago = new Intl.RelativeTimeFormat(undefined, {numeric: 'auto'});
const unit = (value, name, digits = 0) => new Intl.NumberFormat(undefined, {style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits}).format(value);
const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

test('relative times', () => {
	const cases = [[0, 0, 'second'], [-3, 0, 'second'], [3, 0, 'second'], [-30.5, -30, 'second'], [-90.5, -1, 'minute'], [-7200.5, -2, 'hour'], [-86401, -1, 'day'], [200.5, 3, 'minute'], [-864005, -10, 'day']];
	for (const [seconds, value, name] of cases) assert.equal(relative(at(seconds)), ago.format(value, name), `${seconds} s`);
});

test('durations', () => {
	const cases = [
		[0, unit(0, 'second', 1)], [-1, unit(0, 'second', 1)], [1.25, unit(1.25, 'second', 1)], [45.4, unit(45, 'second')], [60, unit(1, 'minute')],
		[125, `${unit(2, 'minute')} ${unit(5, 'second')}`], [59.7, unit(1, 'minute')], [3600, unit(1, 'hour')], [11405, `${unit(3, 'hour')} ${unit(10, 'minute')}`],
		[90000, `${unit(1, 'day')} ${unit(1, 'hour')}`],
	];
	for (const [seconds, text] of cases) assert.equal(duration(seconds), text, `${seconds} s`);
});

test('numbers', () => {
	assert.equal(number(12345.5), new Intl.NumberFormat().format(12345.5));
	assert.equal(percent(0.985), new Intl.NumberFormat(undefined, {style: 'percent', maximumFractionDigits: 1}).format(0.985));
	for (const [count, value, name] of [[0, 0, 'byte'], [999, 999, 'byte'], [1500, 1.5, 'kilobyte'], [2e9, 2, 'gigabyte'], [5e15, 5000, 'terabyte']])
		assert.equal(bytes(count), unit(value, name, 1));
	assert.match(absolute('2026-01-02T03:04:05Z'), /2026/);
});
