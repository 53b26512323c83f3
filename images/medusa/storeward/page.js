// Sends a file of the storefront, or one that the owner uploaded. The pages load nothing from elsewhere and run no
// script of others; what was uploaded runs nothing at all, and only pictures are shown.
const path = require('path');
const uploads = require('./uploads');

const PAGES = {
	root: path.resolve(__dirname, '../storefront'),
	headers: {
		'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
			"img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		'cache-control': 'no-cache',
		'referrer-policy': 'same-origin',
		'x-content-type-options': 'nosniff',
	},
};
const UPLOADS = {
	root: path.resolve(uploads.options.upload_dir),
	headers: {
		'content-security-policy': "default-src 'none'; sandbox",
		'cache-control': 'public, max-age=31536000, immutable',	// the name of a file has its time
		'x-content-type-options': 'nosniff',
	},
};
const PICTURE = /\.(avif|gif|jpe?g|png|webp)$/i;

/** The answer to a request for that file; another name than that of a file in the folder is 404. */
const send = ({root, headers}, res, name) => new Promise((resolve) => {
	res.sendFile(name, {root, headers, cacheControl: false}, (error) => {
		if (error && !res.headersSent) {
			res.removeHeader('content-disposition');
			res.status(404).set('cache-control', 'no-store').json({type: 'not_found', message: 'no such file'});
		}
		resolve();
	});
});

exports.page = (res, name) => send(PAGES, res, name);
exports.upload = (res, name) => {
	if (!PICTURE.test(name)) res.set('content-disposition', 'attachment');
	return send(UPLOADS, res, name);
};
