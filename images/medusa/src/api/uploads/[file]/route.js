// What the owner uploaded for everybody to see.
const {upload} = require('../../../../storeward/page');

exports.GET = (req, res) => upload(res, req.params.file);
