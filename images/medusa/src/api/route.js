// The storefront.
const {send} = require('../../storeward/page');

exports.GET = (req, res) => send(res, 'index.html');
