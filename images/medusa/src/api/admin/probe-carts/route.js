// Removes the carts that the checkout probe left. Below /admin, so only the owner may.
const forget = require('../../../../storeward/forget');

exports.DELETE = async (req, res) => {
	await forget(req.scope);
	res.json({deleted: true});
};
