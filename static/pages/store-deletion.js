// A deletion from the wish to the proof that nothing is left, told from the store's events.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {can} from '../session.js';
import {Timeline} from '../ui/timeline.js';
import {Time} from '../ui/parts.js';
import {stepRow} from './store-steps.js';

const STEPS = ['release', 'namespace', 'volumes', 'verifying', 'row'];
const SAID = /^Deletion: (\w+)\.$/;	// the message of the events "Deleting"

// When each step began, of the deletion that goes on now.
function begins(events) {
	const at = {};
	for (const e of events) {
		const step = e.reason === 'Deleting' && SAID.exec(e.message)?.[1];
		if (step && !(step in at)) at[step] = e.at;	// newest first
	}
	return at;
}

const seconds = (from, to) => (from && to ? Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000) : null);

// gone: when the store was found to be no more.
export function deletionSteps(store, events, gone) {
	const at = begins(events), now = gone ? STEPS.length : STEPS.indexOf(store.deleting_step);
	return STEPS.map((step, i) => {
		const next = STEPS.slice(i + 1).map((s) => at[s]).find(Boolean) ?? gone?.toISOString();
		const state = i < now ? 'done' : i === now ? 'running' : 'waiting';
		return stepRow({step, state, started_at: at[step], seconds: seconds(at[step], next)}, t(`store.deletion.${step}`));
	});
}

export function Deletion({store, events}) {
	return html`
		<section class="card" aria-labelledby="deletion-title">
			<h2 id="deletion-title">${t('store.deletion.title')}</h2>
			<p class="muted">${t(store.deletion_policy === 'retain' ? 'store.deletion.retain' : 'store.deletion.what')}</p>
			<${Timeline} steps=${deletionSteps(store, events, null)} label=${t('store.deletion.title')} />
		</section>`;
}

// seen: the steps were watched until the end. Else the store was there when last looked at.
export function Gone({store, events, at}) {
	const seen = store.desired === 'absent';
	return html`
		<div class="page store-gone">
			<h1 tabindex="-1">${t('store.gone.title', {name: store.name})}</h1>
			<p role="status">${t(seen ? 'store.gone.seen' : 'store.gone.missed')} <${Time} at=${at.toISOString()} /></p>
			${seen && html`<section class="card"><${Timeline} steps=${deletionSteps(store, events, at)} label=${t('store.deletion.title')} /></section>`}
			<p class="row">
				<a class="button" href="#/stores">${t('store.gone.back')}</a>
				${can('admin') && html`<a class="button" href=${`#/audit?resource_id=${store.id}`}>${t('store.gone.audit')}</a>`}
			</p>
		</div>`;
}
