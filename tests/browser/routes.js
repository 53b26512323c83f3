// Every route of the dashboard, once: a11y.js, csp.js and whoever makes pictures go through this table.
// as: who looks (null: nobody); hash: where; act: what to do there first; see: what must be there then (a selector);
// status: an answer above 399 that belongs to it.
import {go, t} from './lib.js';

export const storeId = (n) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const STORES = {requested: 1, provisioning: 2, ready: 3, degraded: 4, failed: 5, suspended: 6, deleting: 7, word: 8};
export const FOREIGN = storeId(3841);
const store = (name) => `#/stores/${storeId(STORES[name])}`;

const deleteDialog = async (page) => {
	await page.getByRole('button', {name: /^delete/i}).last().click();
	await page.getByRole('dialog').waitFor();
};
const rotateDialog = async (page) => {
	await page.getByRole('button', {name: t('store.rotate.new')}).click();
	await page.getByRole('dialog').waitFor();
};
const helpDialog = async (page) => {
	await page.keyboard.press('?');
	await page.getByRole('dialog').waitFor();
};

export const routes = [
	{name: 'sign in', as: null, hash: '#/sign-in', see: 'form', status: 401},
	{name: 'stores', as: 'owner@acme.test', hash: '#/stores', see: 'table >> text=failed-shop'},
	{name: 'stores, empty', as: 'owner@empty.test', hash: '#/stores', see: 'text=curl'},
	{name: 'stores, no match', as: 'owner@acme.test', hash: '#/stores?q=no-such-store', see: 'text=/no store matches/i'},
	{name: 'stores, filtered', as: 'viewer@acme.test', hash: '#/stores?status=failed,degraded&sort=-name', see: 'table >> text=degraded-shop'},
	{name: 'stores, names as long as can be', as: 'owner@word.test', hash: '#/stores', see: `table >> text=${'m'.repeat(50)}`},
	{name: 'new store', as: 'owner@acme.test', hash: '#/stores/new', see: 'form >> text=WooCommerce'},
	{name: 'new store, as a viewer', as: 'viewer@acme.test', hash: '#/stores/new', see: 'text=viewer'},
	...Object.keys(STORES).map((name) => ({
		name: `store, ${name}`, as: 'owner@acme.test', hash: store(name), see: `main >> text=${name === 'word' ? 'w'.repeat(50) : `${name}-shop`}`,
	})),
	{name: 'store, as a viewer', as: 'viewer@acme.test', hash: store('ready'), see: 'main >> text=ready-shop'},
	{name: 'store, with upgrades', as: 'owner@acme.test', hash: `#/stores/${storeId(30)}`, see: '.warning'},
	{name: 'store, ready with trouble', as: 'owner@acme.test', hash: `#/stores/${storeId(31)}`, see: '.is-trouble'},
	{name: 'store of another tenant', as: 'owner@acme.test', hash: `#/stores/${FOREIGN}`, see: 'main a[href="#/stores"]', status: 404},
	{name: 'delete dialog', as: 'owner@acme.test', hash: store('ready'), act: deleteDialog, see: 'dialog >> text=ready-shop'},
	{name: 'new password dialog', as: 'owner@acme.test', hash: `#/stores/${storeId(30)}`, act: rotateDialog, see: 'dialog >> text=shop-030'},
	{name: 'help dialog', as: 'owner@acme.test', hash: '#/stores', act: helpDialog, see: 'dialog'},
	{name: 'observability', as: 'platform@storeward.test', hash: '#/observability?hours=168', see: 'main canvas'},
	{name: 'audit log', as: 'owner@acme.test', hash: '#/audit', see: 'table >> text=user.sign_in'},
	{name: 'audit log, as a viewer', as: 'viewer@acme.test', hash: '#/audit', see: 'text=viewer'},
	{name: 'account', as: 'owner@acme.test', hash: '#/account', see: 'table >> text=window.pwned'},
	{name: 'not found', as: 'owner@acme.test', hash: '#/no-such-page', see: 'main a[href="#/stores"]'},
];

// Opens a route in a page and waits until what it must show is there.
export async function open(page, {hash, act, see}) {
	await go(page, hash);
	await act?.(page);
	await page.locator(see).first().waitFor();
}
