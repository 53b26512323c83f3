// Numbers and times as the browser's locale writes them.
import {now} from './api.js';

const STEPS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const plain = new Intl.NumberFormat();
const share = new Intl.NumberFormat(undefined, {style: 'percent', maximumFractionDigits: 1});
const ago = new Intl.RelativeTimeFormat(undefined, {numeric: 'auto'});
const full = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'long'});
const hours = new Intl.DateTimeFormat(undefined, {timeStyle: 'short'});
const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

const unit = (value, name, digits = 0) => new Intl.NumberFormat(undefined,
	{style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits}).format(value);

export const number = (value) => plain.format(value);
export const percent = (ratio) => share.format(ratio);
export const absolute = (iso) => full.format(new Date(iso));
export const clock = (date) => hours.format(date);

// '45 sec', '2 min 5 sec', '3 hr 10 min': the two largest units that matter.
export function duration(seconds) {
	if (seconds < 10) return unit(Math.max(seconds, 0), 'second', 1);
	let rest = Math.round(seconds);
	const parts = [];
	for (const [name, size] of STEPS) {
		const count = Math.floor(rest / size);
		rest -= count * size;
		if (count > 0) parts.push(unit(count, name));
		if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
	}
	return parts.join(' ');
}

// 'now', '12 seconds ago', 'in 3 minutes', 'yesterday'.
export function relative(iso) {
	const seconds = (Date.parse(iso) - now()) / 1000;
	if (Math.abs(seconds) < 5) return ago.format(0, 'second');
	const [name, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length);
	return ago.format(Math.trunc(seconds / size), name);
}

export function bytes(count) {
	const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), BYTES.length - 1);
	return unit(count / 1000 ** power, BYTES[power], 1);
}
