// Scripts and styles of both pages.
const {page} = require('../../../../storeward/page');

exports.GET = (req, res) => page(res, req.params.file);
