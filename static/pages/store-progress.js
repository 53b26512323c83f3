// How the store is being made, or was: steps, tries, and when the next try comes.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {now} from '../api.js';
import {duration} from '../format.js';
import {Timeline} from '../ui/timeline.js';
import {useSeconds} from './seconds.js';
import {stepRow} from './store-steps.js';
import {term} from './terms.js';

const SETTLED = ['ready', 'suspended'];

function NextTry({store}) {
	const left = store.next_attempt_at ? (Date.parse(store.next_attempt_at) - now()) / 1000 : 0;
	useSeconds(left > 0);
	if (!store.attempts && !store.next_attempt_at) return null;
	return html`
		<p class="muted">
			${store.attempts > 0 && t('store.progress.attempt', {n: store.attempts})}
			${' '}${store.next_attempt_at && (left > 0 ? t('store.progress.next', {time: duration(Math.ceil(left))}) : t('store.progress.due'))}
		</p>`;
}

// What a failed store was at is where it failed.
const told = (step, store) => step.state === 'running' && store.status === 'failed' ? {...step, state: 'failed'} : step;
const rows = (store) => (store.provisioning_timeline ?? []).map((s) => stepRow(told(s, store), term('store.step', s.step)));

export function Progress({store}) {
	const steps = html`<${Timeline} steps=${rows(store)} label=${t('store.progress.title')} /><${NextTry} store=${store} />`;
	if (SETTLED.includes(store.status)) {
		return html`<details class="card fold"><summary>${t('store.progress.was')}</summary>${steps}</details>`;
	}
	const made = Boolean(store.provisioning_completed_at);
	return html`
		<section class="card" aria-labelledby="progress-title">
			<h2 id="progress-title">${t(made ? 'store.progress.was' : 'store.progress.title')}</h2>
			${steps}
		</section>`;
}
