// A look at the shop at once, when a person asks; and how far the hourly one goes.
import {html, useEffect, useState} from '../html.js';
import {t} from '../i18n.js';
import {asCurl} from '../api.js';
import {can} from '../session.js';
import {CopyButton, Time} from '../ui/parts.js';
import {ErrorCard} from '../ui/error-card.js';
import {stateOf, triedAt} from './check-state.js';
import {useSeconds} from './seconds.js';
import {condition} from './store-conditions.js';

export function CheckNow({store, change}) {
	const verified = condition(store, 'CheckoutVerified'), asked = store.checks_requested_at;
	const state = stateOf(asked, verified), running = state === 'running';
	const idle = store.desired !== 'present' || !store.provisioning_completed_at;
	const path = `/stores/${store.id}/check`;
	useSeconds(running);
	return html`
		<div class="row">
			<button type="button" disabled=${!can('operator') || idle || change.busy} aria-disabled=${running} aria-describedby="check-idle needs-role"
				onClick=${() => running || change.post('check', path)}>${t('store.check.do')}</button>
			<${CopyButton} text=${asCurl('POST', path)} label=${t('copy.curl')} />
		</div>
		${idle && html`<p class="note" id="check-idle">${t('store.check.idle')}</p>`}
		<p class="muted"><span role="status">${state && t(`store.check.${state}`)}</span>
			${state && html` <${Time} at=${running || state === 'silent' ? asked : triedAt(verified)} />`}</p>
		${change.failed === 'check' && html`<${ErrorCard} problem=${change.problem} level="h3" />`}`;
}

export function Orders({store, change}) {
	const [wanted, setWanted] = useState(null);	// until the page has read it back
	useEffect(() => setWanted(null), [store.probe_orders]);
	const on = wanted ?? store.probe_orders;
	const turn = async () => {
		setWanted(!on);
		if (!await change.patch('orders', {probe_orders: !on})) setWanted(null);
	};
	return html`
		<section class="card" aria-labelledby="orders-title">
			<h2 id="orders-title">${t('store.orders.title')}</h2>
			<label class="tick">
				<input type="checkbox" role="switch" checked=${on} disabled=${!can('operator')} onChange=${turn} aria-describedby="orders-what needs-role" />
				<span>${t('store.orders.do')}</span>
			</label>
			<p class="muted" id="orders-what">${t('store.orders.what')}</p>
			<div class="row"><${CopyButton} text=${asCurl('PATCH', `/stores/${store.id}`, {probe_orders: !on})} label=${t('copy.curl')} /></div>
			${change.failed === 'orders' && html`<${ErrorCard} problem=${change.problem} />`}
		</section>`;
}
