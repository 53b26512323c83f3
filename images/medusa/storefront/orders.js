// The owner's list of orders. The token of the sign-in stays in this page and ends with it.
import {$, busy, client, element, money, say} from './api.js';

const FIELDS = 'display_id,created_at,email,total,currency_code,status,*items';

const rowOf = (order) => element('tr', {},
	...[
		order.display_id,
		new Date(order.created_at).toLocaleString(),
		order.email ?? '',
		(order.items ?? []).map((i) => `${i.quantity} × ${i.product_title ?? i.title}`).join(', '),
		money(order.total, order.currency_code),
		order.status,
	].map((text) => element('td', {}, String(text))));

$('sign-in').onsubmit = (event) => {
	event.preventDefault();
	const form = event.target;
	busy(form.querySelector('button'), async () => {
		const {token} = await client()('/auth/user/emailpass', {body: Object.fromEntries(new FormData(form))});
		const admin = client({authorization: `Bearer ${token}`});
		const {orders, count} = await admin(`/admin/orders?limit=100&order=-display_id&fields=${FIELDS}`);
		$('orders').tBodies[0].replaceChildren(...orders.map(rowOf));
		$('orders').hidden = orders.length === 0;
		form.hidden = true;
		say(count > orders.length ? `The last ${orders.length} of ${count} orders.` : `${count} orders.`);
	});
};
