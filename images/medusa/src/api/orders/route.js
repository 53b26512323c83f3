// The owner's list of orders.
const {page} = require('../../../storeward/page');

exports.GET = (req, res) => page(res, 'orders.html');
