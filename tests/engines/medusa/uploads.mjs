// Pictures that Medusa's owner uploads: in the shop, on its volume, and nothing else of that on the web.
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4UaEBRAwQCgAp7gWhjAnOiAAAAABJRU5ErkJggg==';
const MAX_BYTES = 8 * 1024 * 1024;
// Files beside the pictures, and names that could lead to them or to a list of all.
const BESIDE = 'mkdir -p /data/private && for f in private/list.csv top.txt public/.hidden; do echo kept > "/data/$f"; done && ls /data';
const CLOSED = [
	'/uploads/', '/uploads/.', '/uploads/.hidden', '/uploads/list.csv', '/uploads/..%2Ftop.txt', '/uploads/..%2fprivate%2Flist.csv',
	'/uploads/%2Fdata%2Ftop.txt', '/uploads/..%5Ctop.txt', '/uploads/%2e%2e%2ftop.txt', '/uploads/%00', '/static/top.txt', '/data/top.txt',
];

export async function uploads({page, url, owner, check, same, ask, said, k}) {
	const png = {name: 'a mug, ☕.png', type: 'image/png', base64: PICTURE};
	const mug = page.locator('#products li').filter({hasText: 'Ceramic Coffee Mug'}).locator('img');
	let token, path;

	const kept = async () => {
		const answer = await ask(path);
		same([answer.status, answer.headers['content-type'], answer.headers['x-content-type-options'], answer.base64],
			[200, 'image/png', 'nosniff', PICTURE]);
	};
	const shown = async () => {
		await page.goto(url);
		await mug.waitFor();
		await page.waitForFunction((img) => img.complete && img.naturalWidth === 2, await mug.elementHandle());
	};

	await check('an uploaded picture is served, and shown with its product', async () => {
		await page.goto(url);
		({token} = said(await ask('/auth/user/emailpass', {body: owner})));
		const {files: [{url: address}]} = said(await ask('/admin/uploads', {token, file: png}));
		same(address.startsWith(`${url}/uploads/`), true);
		path = new URL(address).pathname;
		await kept();
		const {products: [{id}]} = said(await ask('/admin/products?handle=ceramic-coffee-mug&fields=id', {token}));
		same((await ask(`/admin/products/${id}`, {token, body: {thumbnail: address}})).status, 200);
		await shown();
	});
	await check('nobody but the owner uploads, and nothing large', async () => {
		same((await ask('/admin/uploads', {file: png})).status, 401);
		for (const door of ['/Admin/Uploads', '/admin/products/import']) {
			same([door, (await ask(door, {token, file: {name: 'large.png', type: 'image/png', bytes: MAX_BYTES}})).status], [door, 413]);
		}
		same((await ask('/admin/uploads', {token, file: {name: 'fits.png', type: 'image/png', bytes: MAX_BYTES - 4096}})).status, 200);
	});
	await check('an uploaded page runs nothing in the shop', async () => {
		const page_ = {name: 'page.html', type: 'text/html', base64: btoa('<script>alert(1)</script>')};
		const {files: [file]} = said(await ask('/admin/uploads', {token, file: page_}));
		const {status, headers} = await ask(new URL(file.url).pathname);
		same([status, headers['content-disposition'], headers['content-security-policy']], [200, 'attachment', "default-src 'none'; sandbox"]);
	});
	await check('nothing else of the volume is on the web', async () => {
		const there = k(['exec', 'deploy/medusa', '-c', 'medusa', '--', 'sh', '-c', BESIDE]).split('\n');
		same(['private', 'public', 'top.txt'].every((name) => there.includes(name)), true);
		for (const name of CLOSED) same([name, (await ask(name)).status], [name, 404]);
		await kept();
	});
	await check('the picture is there after the pod is replaced', async () => {
		const pod = k(['get', 'pods', '-l', 'storeward.io/component=medusa', '-o', 'name']).trim();
		k(['delete', pod, '--wait=true', '--timeout=200s']);
		k(['wait', '--for=condition=Available', 'deploy/medusa', '--timeout=200s']);
		same(k(['get', 'pods', '-l', 'storeward.io/component=medusa', '-o', 'name']).trim() === pod, false);
		await page.goto(url);
		await kept();
		await shown();
	});
}
