// A store's three axes: what is wished, how much of it the reconciler has seen, and how the shop is.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {useLive} from '../live.js';
import {duration} from '../format.js';
import {CheckNow} from './store-check.js';
import {condition, Conditions, troubling} from './store-conditions.js';
import {term} from './terms.js';

const LATE_S = 180;	// a pass comes every few seconds

function Desired({store}) {
	return html`
		<section class="card axis">
			<h2>${t('store.axis.desired')}</h2>
			<p class="word">${term('store.desired', store.desired)}</p>
			<p class="muted">${t('store.axis.wish', {plan: store.plan, version: store.engine_version, n: store.generation})}
				${' '}${t(store.deletion_policy === 'retain' ? 'store.axis.retain' : 'store.axis.destroy')}</p>
		</section>`;
}

// When the cluster was last looked at comes from the reconciler's passes: a store's row only says when it changed.
function Observed({store}) {
	const {data} = useLive('/observability/health', {interval: 10000});
	const pass = data?.clusters?.find((c) => c.name === store.cluster);
	const seen = store.generation === store.observed_generation, late = pass?.age_seconds > LATE_S;
	const word = late ? 'store.observed.late' : seen ? 'store.observed.current' : 'store.observed.behind';
	return html`
		<section class="card axis">
			<h2>${t('store.axis.observed')}</h2>
			<p class="word">${t(word)}</p>
			<p class="muted">
				${seen ? t('store.observed.seen', {n: store.observed_generation})
					: t('store.observed.waits', {n: store.observed_generation, wanted: store.generation})}
				${' '}${pass?.age_seconds == null ? t('store.observed.never')
					: t('store.observed.looked', {ago: duration(pass.age_seconds)})}
			</p>
		</section>`;
}

// An available shop may have trouble that its visitors do not see yet.
function Health({store, change, said}) {
	const available = condition(store, 'Available')?.status ?? 'Unknown';
	const but = available === 'True' && store.conditions.some(troubling);
	return html`
		<section class="card axis">
			<h2>${t('store.axis.health')}</h2>
			<p class="word">${t(`store.health.${but ? 'but' : available}`)}</p>
			<${Conditions} store=${store} said=${said} />
			${store.desired !== 'absent' && html`<${CheckNow} store=${store} change=${change} />`}
		</section>`;
}

export function Axes({store, change, said}) {
	return html`
		<div class="axes">
			<${Desired} store=${store} />
			<${Observed} store=${store} />
			<${Health} store=${store} change=${change} said=${said} />
		</div>`;
}
