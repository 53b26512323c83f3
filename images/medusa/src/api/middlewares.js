// What comes as a file is held in memory, so it has a maximum, which is known before any of it is read.
const {defineMiddlewares} = require('@medusajs/framework/http');
const {max_bytes} = require('../../storeward/uploads');

function limit(req, res, next) {
	if (!req.is('multipart') || Number(req.headers['content-length']) <= max_bytes) return next();
	res.status(413).json({type: 'invalid_data', message: `A file says how long it is and has at most ${max_bytes / 1048576} MiB.`});
}

// As an expression it comes before Medusa's own handlers of these paths.
exports.default = defineMiddlewares({routes: [{matcher: /^\/admin\//i, method: ['POST'], middlewares: [limit]}]});
