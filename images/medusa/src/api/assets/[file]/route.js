// Scripts and styles of both pages.
const {send} = require('../../../../storeward/page');

exports.GET = (req, res) => send(res, req.params.file);
