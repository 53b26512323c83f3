// What happened to a store: the newest on top, older ones on demand, new ones by themselves.
import {html, useRef, useState} from '../html.js';
import {t} from '../i18n.js';
import {get} from '../api.js';
import {useLive} from '../live.js';
import {ErrorCard} from '../ui/error-card.js';
import {Time, toast} from '../ui/parts.js';

const PAGE = 20, KEPT = 1000;

// Everything seen so far, by id: what the page showed stays, also when the store is gone.
export function useEvents(id) {
	const known = useRef(new Map());
	const [more, setMore] = useState(null);	// are there older ones? null: not known yet
	const {data, error} = useLive(id ? `/stores/${id}/events?limit=${PAGE}` : null);
	const add = (list) => list.forEach((e) => known.current.set(e.id, e));

	if (data) add(data);
	if (data && more === null) setMore(data.length === PAGE);
	const all = [...known.current.values()].sort((a, b) => b.id - a.id);
	const older = async () => {
		const page = (await get(`/stores/${id}/events?limit=${PAGE}&before=${all.at(-1).id}`)).data;
		add(page);
		setMore(page.length === PAGE && known.current.size < KEPT);
	};
	return {all, error, more, older, loading: !data && !error};
}

function Event({event}) {
	const warning = event.type === 'Warning';
	return html`
		<li class=${warning ? 'event is-warning' : 'event'}>
			<span class="shape" aria-hidden="true">${warning ? '▲' : '·'}</span>
			<div>
				<strong>${event.reason}</strong>${warning && html` <span class="tag">${t('store.events.warning')}</span>`}
				<p dir="auto">${event.message}</p>
			</div>
			<${Time} at=${event.at} />
		</li>`;
}

export function Events({events}) {
	const [busy, setBusy] = useState(false);
	const more = async () => {
		setBusy(true);
		try {
			await events.older();
		} catch (problem) {
			toast(problem.detail, {kind: 'error'});
		} finally {
			setBusy(false);
		}
	};
	return html`
		<section class="card" id="events" tabindex="-1" aria-labelledby="events-title">
			<h2 id="events-title">${t('store.events.title')}</h2>
			${events.loading && html`<p class="muted">${t('store.events.loading')}</p>`}
			${events.error && !events.all.length && html`<${ErrorCard} problem=${events.error} level="h3" />`}
			${!events.loading && !events.error && !events.all.length && html`<p class="muted">${t('store.events.none')}</p>`}
			<ol class="events">${events.all.map((e) => html`<${Event} key=${e.id} event=${e} />`)}</ol>
			${events.more && html`<button type="button" onClick=${more} disabled=${busy}>${t('store.events.older')}</button>`}
		</section>`;
}
