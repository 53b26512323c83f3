// A change that was asked for here, from the wish to its end.
import {html, useEffect, useState} from '../html.js';
import {t} from '../i18n.js';
import {duration} from '../format.js';
import {toast} from '../ui/parts.js';
import {useSeconds} from './seconds.js';
import {refused} from './store-conditions.js';

const GOAL = {present: 'ready', suspended: 'suspended'};
const FAILED = ['failed', 'degraded'];

// A shop that sells on while a change waits is ready all the time. A No without its reason is that of the wish before:
// this one has yet to be judged.
function verdict(store) {
	if (!refused(store)) return 'done';
	return store.reason ? 'failed' : 'seen';
}

// asked → seen → done or failed, worked out from the store itself, so that another person's newer wish counts too.
function stateOf(store) {
	if (store.observed_generation !== store.generation) return 'asked';
	if (store.status === GOAL[store.desired]) return verdict(store);
	return FAILED.includes(store.status) ? 'failed' : 'seen';
}

// operation: {kind, generation}: what was asked and the generation it got.
export function useOperation(store) {
	const [operation, setOperation] = useState(null);
	const state = operation && store && store.generation >= operation.generation ? stateOf(store) : 'asked';
	const ended = operation && (state === 'done' || state === 'failed');

	useEffect(() => {
		if (!ended || operation.took !== undefined) return;
		setOperation({...operation, state, took: Math.round((performance.now() - operation.began) / 1000)});
		toast(t(`store.operation.${state}`, {what: t(`store.operation.${operation.kind}`), name: store.name}),
			{kind: state === 'done' ? 'done' : 'error'});
	}, [ended]);
	return {
		operation: operation && {...operation, state: operation.state ?? state},
		begin: (kind, generation) => setOperation({kind, generation, began: performance.now()}),
		dismiss: () => setOperation(null),
	};
}

export function Operation({of, store, onDismiss}) {
	const running = of.took === undefined;
	useSeconds(running);
	const took = of.took ?? Math.round((performance.now() - of.began) / 1000);
	return html`
		<section class=${`operation is-${of.state}`} aria-label=${t('store.operation.title')}>
			<p role="status"><strong>${t(`store.operation.${of.kind}`)}</strong>: ${t(`store.operation.state.${of.state}`)}</p>
			<p class="muted">${t('store.operation.took', {time: duration(took)})}</p>
			${!running && html`<button type="button" onClick=${onDismiss}>${t('store.operation.dismiss')}</button>`}
		</section>`;
}
