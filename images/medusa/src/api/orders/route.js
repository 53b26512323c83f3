// The owner's list of orders.
const {send} = require('../../../storeward/page');

exports.GET = (req, res) => send(res, 'orders.html');
