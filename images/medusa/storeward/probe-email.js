// Whose orders are the checkout probe's. The domain cannot exist, so nobody gets a mail.
module.exports = 'probe@storeward.invalid';
