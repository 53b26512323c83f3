// Makes a browser's PNG small: a palette of at most 256 colours, the best filter left out, the hardest compression.
// Screens of flat colours have few; the rarest of a picture with more are drawn in the nearest of those kept.
import {deflateSync, inflateSync} from 'node:zlib';

const MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 256;

function chunks(png) {
	const found = [];
	for (let at = MAGIC.length; at < png.length;) {
		const length = png.readUInt32BE(at);
		found.push({type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length)});
		at += length + 12;
	}
	return found;
}

const TABLE = Uint32Array.from({length: 256}, (_, n) => {
	let c = n;
	for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
	return c >>> 0;
});

function crc(bytes) {
	let c = 0xffffffff;
	for (const b of bytes) c = TABLE[(c ^ b) & 255] ^ (c >>> 8);
	return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]), out = Buffer.alloc(body.length + 8);
	out.writeUInt32BE(data.length, 0);
	body.copy(out, 4);
	out.writeUInt32BE(crc(body), body.length + 4);
	return out;
}

function paeth(a, b, c) {
	const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
	return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

const FILTERS = [() => 0, (a) => a, (a, b) => b, (a, b) => (a + b) >> 1, paeth];

// Raw bytes of the rows, their filters undone.
function rows(raw, stride, height, step) {
	const out = Buffer.alloc(stride * height);
	for (let y = 0; y < height; y++) {
		const filter = FILTERS[raw[y * (stride + 1)]], from = y * (stride + 1) + 1, to = y * stride;
		for (let x = 0; x < stride; x++) {
			const left = x >= step ? out[to + x - step] : 0, up = y ? out[to - stride + x] : 0, corner = y && x >= step ? out[to - stride + x - step] : 0;
			out[to + x] = raw[from + x] + filter(left, up, corner);
		}
	}
	return out;
}

const distance = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + ((a >> 8 & 255) - (b >> 8 & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

// colour → its place in the palette
function palette(pixels) {
	const count = new Map();
	for (const p of pixels) count.set(p, (count.get(p) ?? 0) + 1);
	const kept = [...count].sort((a, b) => b[1] - a[1]).slice(0, COLOURS).map(([colour]) => colour);
	const place = new Map(kept.map((colour, i) => [colour, i]));
	for (const colour of count.keys()) {
		if (place.has(colour)) continue;
		let best = 0;
		for (let i = 1; i < kept.length; i++) if (distance(colour, kept[i]) < distance(colour, kept[best])) best = i;
		place.set(colour, best);
	}
	return {kept, place};
}

// png: 8 bits, RGB or RGBA without transparency, not interlaced, as browsers make them.
export function smaller(png) {
	const all = chunks(png), head = all.find((c) => c.type === 'IHDR').data;
	const width = head.readUInt32BE(0), height = head.readUInt32BE(4), step = head[9] === 6 ? 4 : 3;
	if (head[8] !== 8 || ![2, 6].includes(head[9]) || head[12]) return png;
	const raw = rows(inflateSync(Buffer.concat(all.filter((c) => c.type === 'IDAT').map((c) => c.data))), width * step, height, step);
	const pixels = Uint32Array.from({length: width * height}, (_, i) => raw[i * step] << 16 | raw[i * step + 1] << 8 | raw[i * step + 2]);
	const {kept, place} = palette(pixels);
	const out = Buffer.alloc((width + 1) * height);
	for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[y * (width + 1) + 1 + x] = place.get(pixels[y * width + x]);
	const ihdr = Buffer.from(head);
	ihdr[9] = 3;	// by palette
	const plte = Buffer.from(kept.flatMap((c) => [c >> 16, c >> 8 & 255, c & 255]));
	const small = Buffer.concat([MAGIC, chunk('IHDR', ihdr), chunk('PLTE', plte), chunk('IDAT', deflateSync(out, {level: 9})), chunk('IEND', Buffer.alloc(0))]);
	return small.length < png.length ? small : png;
}
