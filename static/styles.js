// Style sheets that only some pages need: loaded with the page, once.

const loaded = new Map();

export function styles(url) {
	if (loaded.has(url)) return loaded.get(url);
	const link = document.createElement('link');
	link.rel = 'stylesheet';
	link.href = url;
	const ready = new Promise((resolve) => {
		link.onload = resolve;
		link.onerror = resolve;	// a page without its looks still works
	});
	document.head.append(link);
	loaded.set(url, ready);
	return ready;
}
