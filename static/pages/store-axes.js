// A store's three axes: what is wished, how much of it the reconciler has seen, and how the shop is.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {useLive} from '../live.js';
import {duration} from '../format.js';
import {Time} from '../ui/parts.js';
import {term} from './terms.js';

const LATE_S = 180;	// a pass comes every few seconds
const MARKS = {True: '●', False: '▲', Unknown: '?'};

// Of a deletion it is good news that it goes on; of everything else, that it is so.
function mark(condition) {
	return condition.type === 'Deleting' ? '◌' : MARKS[condition.status] ?? MARKS.Unknown;
}

// A sentence that stands in the error card above is not said twice.
function Condition({of, said}) {
	return html`
		<li class=${`condition is-${of.status.toLowerCase()}`}>
			<span class="shape" aria-hidden="true">${mark(of)}</span>
			<span>
				<strong>${term('store.condition', of.type)}</strong>: ${term('store.answer', of.status)}
				<small class="muted">
					${of.reason && of.status !== 'True' ? `${of.reason} · ` : ''}${t('store.since')} <${Time} at=${of.since} />
				</small>
				${of.message && of.message !== said && html`<small class="muted" dir="auto">${of.message}</small>`}
			</span>
		</li>`;
}

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

function Health({store}) {
	const available = store.conditions?.find((c) => c.type === 'Available');
	return html`
		<section class="card axis">
			<h2>${t('store.axis.health')}</h2>
			<p class="word">${t(`store.health.${available ? available.status : 'Unknown'}`)}</p>
			${store.conditions?.length
				? html`<ul class="conditions">${store.conditions.map((c) => html`<${Condition} key=${c.type} of=${c} said=${store.message} />`)}</ul>`
				: html`<p class="muted">${t('store.health.nothing')}</p>`}
		</section>`;
}

export function Axes({store}) {
	return html`<div class="axes"><${Desired} store=${store} /><${Observed} store=${store} /><${Health} store=${store} /></div>`;
}
