// Sends a file of the storefront. Its pages load nothing from elsewhere and run no script of others.
const path = require('path');

const FOLDER = path.resolve(__dirname, '../storefront');
const HEADERS = {
	'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
		"img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	'cache-control': 'no-cache',
	'referrer-policy': 'same-origin',
	'x-content-type-options': 'nosniff',
};

/** The answer to a request for that file; another name than a file's is 404. */
exports.send = (res, name) => new Promise((resolve) => {
	res.set(HEADERS).sendFile(name, {root: FOLDER, cacheControl: false}, (error) => {
		if (error && !res.headersSent) res.status(404).json({type: 'not_found', message: 'no such file'});
		resolve();
	});
});
