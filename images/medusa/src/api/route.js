// The storefront.
const {page} = require('../../storeward/page');

exports.GET = (req, res) => page(res, 'index.html');
