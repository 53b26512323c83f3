// Medusa with no more than one shop needs: no admin pages, no Redis (events, cache and locks are in the
// one process). The storefront comes from the same address, so no other origin may use the APIs.
const {defineConfig} = require('@medusajs/framework/utils');
const {databaseUrl, secret} = require('./storeward/credentials');
const uploads = require('./storeward/uploads');

module.exports = defineConfig({
	admin: {disable: true},
	projectConfig: {
		databaseUrl: databaseUrl(),
		http: {
			storeCors: '',
			adminCors: '',
			authCors: '',
			jwtSecret: secret('jwt-secret'),
			cookieSecret: secret('cookie-secret'),
		},
	},
	modules: [{
		resolve: '@medusajs/medusa/file',
		options: {providers: [{resolve: '@medusajs/medusa/file-local', id: 'local', options: uploads.options}]},
	}],
});
