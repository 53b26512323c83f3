// What the owner uploads: where it lies, and the address of what is for everybody. Medusa puts pictures into
// `public`, and into `private` the lists that it exports, which have no address.
const {FILES_FOLDER = '/data', STORE_URL = 'http://localhost:9000'} = process.env;

module.exports = {
	options: {
		upload_dir: `${FILES_FOLDER}/public`,
		private_upload_dir: `${FILES_FOLDER}/private`,
		backend_url: `${STORE_URL}/uploads`,
	},
	// Held in memory, more than once, until it is on the volume.
	max_bytes: 8 * 1024 * 1024,
};
