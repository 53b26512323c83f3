// Passwords, which come as files, and the address of the database. No environment has a secret.
// Without sslmode Medusa wants TLS of any database but localhost; this one shares the shop's namespace,
// whose network policies let nobody else in.
const {randomBytes, scryptSync, timingSafeEqual} = require('crypto');
const fs = require('fs');

const FOLDER = process.env.CREDENTIALS_FOLDER ?? '/run/credentials';
const {DATABASE_HOST = 'postgresql', DATABASE_PORT = '5432', DATABASE_NAME = 'medusa', DATABASE_USER = 'medusa'} =
	process.env;

const secret = (key) => fs.readFileSync(`${FOLDER}/${key}`, 'utf8').trim();

const databaseUrl = () => `postgres://${encodeURIComponent(DATABASE_USER)}:` +
	`${encodeURIComponent(secret('database-password'))}@${DATABASE_HOST}:${DATABASE_PORT}/${DATABASE_NAME}?sslmode=disable`;

/** How often the Secret got new passwords, as far as this pod was told. */
const revision = Number(process.env.CREDENTIALS_REVISION || 0);

/** What may be kept of a password to know it again. */
const trace = (password, salt = randomBytes(16).toString('hex')) => `${salt}:${scryptSync(password, salt, 32).toString('hex')}`;
const isTraceOf = (kept, password) => timingSafeEqual(Buffer.from(kept), Buffer.from(trace(password, kept.split(':')[0])));

module.exports = {databaseUrl, isTraceOf, revision, secret, trace};
