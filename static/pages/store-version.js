// The version of its engine that a store has, and those it can move to.
import {html, useId, useState} from '../html.js';
import {t} from '../i18n.js';
import {asCurl} from '../api.js';
import {can} from '../session.js';
import {CopyButton} from '../ui/parts.js';
import {ErrorCard} from '../ui/error-card.js';

// A way that changes the data cannot be gone back: that wants a word about a backup first.
function Offer({store, offer, change}) {
	const [backed, setBacked] = useState(false);
	const id = useId();
	const {version} = offer, asleep = store.desired === 'suspended';
	const warned = offer.backup && Boolean(store.provisioning_completed_at);	// what never was ready has nothing to lose
	const locked = !can('operator') || change.busy || asleep;
	const body = {engine_version: version, ...(warned && backed && {without_backup: true})};
	return html`
		<li>
			${warned && html`
				<p class="warning" id=${id}><span class="shape" aria-hidden="true">▲</span> ${t('store.version.backup', {version})}</p>
				<label class="tick">
					<input type="checkbox" checked=${backed} disabled=${locked} onChange=${() => setBacked(!backed)} aria-describedby=${`${id} needs-role`} />
					<span>${t('store.version.backed')}</span>
				</label>`}
			<div class="row">
				<button type="button" disabled=${locked || (warned && !backed)} aria-describedby=${`${id} version-asleep needs-role`}
					onClick=${() => change.patch('upgrade', body)}>${t('store.version.do', {version})}</button>
				<${CopyButton} text=${asCurl('PATCH', `/stores/${store.id}`, body)} label=${t('copy.curl')} />
			</div>
		</li>`;
}

function Offers({store, engine, change}) {
	if (!store.upgrades?.length) {
		return engine && html`<p class="muted">${t(engine.version === store.engine_version ? 'store.version.newest' : 'store.version.none')}</p>`;
	}
	return html`
		<p class="muted">${t('store.version.what')}</p>
		<ul class="offers">${store.upgrades.map((one) => html`<${Offer} key=${one.version} store=${store} offer=${one} change=${change} />`)}</ul>
		${store.desired === 'suspended' && html`<p class="note" id="version-asleep">${t('store.version.asleep')}</p>`}`;
}

export function Version({store, engine, change}) {
	return html`
		<section class="card" aria-labelledby="version-title">
			<h2 id="version-title">${t('store.version.title')}</h2>
			<p>${engine?.title ?? store.engine} <strong>${store.engine_version}</strong></p>
			<${Offers} store=${store} engine=${engine} change=${change} />
			${change.failed === 'upgrade' && html`<${ErrorCard} problem=${change.problem} />`}
		</section>`;
}
