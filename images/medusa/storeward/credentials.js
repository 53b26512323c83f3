// Passwords, which come as files, and the address of the database. No environment has a secret.
// Without sslmode Medusa wants TLS of any database but localhost; this one shares the shop's namespace,
// whose network policies let nobody else in.
const fs = require('fs');

const FOLDER = process.env.CREDENTIALS_FOLDER ?? '/run/credentials';
const {DATABASE_HOST = 'postgresql', DATABASE_PORT = '5432', DATABASE_NAME = 'medusa', DATABASE_USER = 'medusa'} =
	process.env;

const secret = (key) => fs.readFileSync(`${FOLDER}/${key}`, 'utf8').trim();

const databaseUrl = () => `postgres://${encodeURIComponent(DATABASE_USER)}:` +
	`${encodeURIComponent(secret('database-password'))}@${DATABASE_HOST}:${DATABASE_PORT}/${DATABASE_NAME}?sslmode=disable`;

module.exports = {databaseUrl, secret};
