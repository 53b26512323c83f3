// The chart itself: counts as bars, the time that making a store took as a line with its own axis. Its colours are the
// theme's, so it is drawn anew when the theme changes; its legend is HTML, readable without the canvas.
import uPlot from '../vendor/uplot-1.6.32/uPlot.esm.js';
import {html, render} from '../html.js';
import {t} from '../i18n.js';
import {duration, number} from '../format.js';
import {styles} from '../styles.js';

await styles('vendor/uplot-1.6.32/uPlot.min.css');

const HEIGHT = 260, NARROW = 560;
const BARS = [
	{key: 'created', colour: '--series-1'},
	{key: 'ready', colour: '--series-2'},
	{key: 'failed', colour: '--series-3'},
	{key: 'purged', colour: '--series-4'},
];
const TIME = {key: 'avg_provisioning_seconds', colour: '--text'};
const ALL = [...BARS, TIME];
const GROUP = 0.8;	// of a bucket's width: the rest keeps the groups apart

// Each point stands in the middle of its bucket.
const columns = ({points, bucket_seconds: bucket}) => [points.map((p) => Date.parse(p.at) / 1000 + bucket / 2),
	...ALL.map(({key}) => points.map((p) => p[key]))];

// A bucket's bars side by side: the n-th begins where the one before it ends.
function bars(n, bucket) {
	const width = bucket * GROUP / BARS.length, left = n * width - bucket * GROUP / 2;
	return uPlot.paths.bars({disp: {
		x0: {unit: 1, values: (u) => u.data[0].map((x) => x + left)},
		size: {unit: 1, values: () => [width]},
	}});
}

// A canvas wants a colour that is worked out: light-dark() is not until an element wears it.
function colours(box) {
	const probe = document.createElement('span');
	box.append(probe);
	const of = (name) => {
		probe.style.color = `var(${name})`;
		return getComputedStyle(probe).color;
	};
	const all = Object.fromEntries(ALL.map(({colour}) => [colour, of(colour)]));
	Object.assign(all, {text: of('--muted'), grid: of('--line')});
	probe.remove();
	return all;
}

const name = (key) => t(`observe.series.${key}`);

// Days, and the hours between them, as the reader's locale writes them.
const day = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'}), hour = new Intl.DateTimeFormat(undefined, {timeStyle: 'short'});
function moment(seconds) {
	const at = new Date(seconds * 1000);
	return (at.getHours() || at.getMinutes() ? hour : day).format(at);
}

function options(box, paint, bucket) {
	const width = box.clientWidth, axis = {stroke: paint.text, grid: {stroke: paint.grid, width: 1}, ticks: {stroke: paint.grid}};
	return {
		width, height: HEIGHT,
		legend: {show: false},
		cursor: {y: false, points: {size: 6}},
		scales: {
			x: {range: (u, min, max) => [min - bucket / 2, max + bucket / 2]},
			count: {range: (u, min, max) => [0, Math.max(4, max)]},
			time: {range: (u, min, max) => [0, Math.max(10, (max ?? 0) * 1.1)]},
		},
		axes: [
			{...axis, size: 30, space: width < NARROW ? 80 : 60, values: (u, all) => all.map(moment)},
			{...axis, scale: 'count', size: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], values: (u, all) => all.map((v) => number(v))},
			{...axis, scale: 'time', side: 1, size: 64, grid: {show: false}, values: (u, all) => all.map((v) => duration(v))},
		],
		series: [
			{},
			...BARS.map(({key, colour}, n) => ({label: name(key), scale: 'count', fill: paint[colour], width: 0, paths: bars(n, bucket), points: {show: false}})),
			{label: name(TIME.key), scale: 'time', stroke: paint[TIME.colour], width: 2, spanGaps: true, points: {show: true, size: 5}},
		],
	};
}

function Legend({at, values}) {
	return html`
		<ul class="legend">
			<li class="muted num">${at}</li>
			${ALL.map(({key, colour}, i) => html`
				<li key=${key}>
					<svg width="12" height="12" aria-hidden="true"><rect y=${key === TIME.key ? 5 : 0} width="12" height=${key === TIME.key ? 2 : 12} fill=${`var(${colour})`} /></svg>
					${name(key)}${values && html` <strong class="num">${values[i] == null ? '—' : key === TIME.key ? duration(values[i]) : number(values[i])}</strong>`}
				</li>`)}
		</ul>`;
}

// What the pointer is over, said in the legend.
function follow(legend, plot, bucket) {
	const i = plot.cursor.idx;
	const at = i == null ? '' : new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'}).format(new Date((plot.data[0][i] - bucket / 2) * 1000));
	render(html`<${Legend} at=${at} values=${i == null ? null : plot.data.slice(1).map((column) => column[i])} />`, legend);
}

export function draw(box, first) {
	const canvas = document.createElement('div'), legend = document.createElement('div');
	let data = first, plot = null;
	const build = () => {
		plot?.destroy();
		plot = new uPlot({...options(canvas, colours(box), data.bucket_seconds), hooks: {setCursor: [(u) => follow(legend, u, data.bucket_seconds)]}}, columns(data), canvas);
		follow(legend, plot, data.bucket_seconds);
	};
	const dark = matchMedia('(prefers-color-scheme: dark)');
	const theme = new MutationObserver(build), size = new ResizeObserver(() => plot.setSize({width: canvas.clientWidth, height: HEIGHT}));

	box.replaceChildren(canvas, legend);
	build();
	theme.observe(document.documentElement, {attributes: true, attributeFilter: ['data-theme', 'class', 'style']});
	dark.addEventListener('change', build);
	size.observe(canvas);
	return {
		show(newer) {
			data = newer;
			plot.setData(columns(data));
		},
		remove() {
			theme.disconnect();
			size.disconnect();
			dark.removeEventListener('change', build);
			plot.destroy();
			render(null, legend);
			box.replaceChildren();
		},
	};
}
