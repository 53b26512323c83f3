// A step's row in a timeline: how long it took, takes or usually takes.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {now} from '../api.js';
import {duration} from '../format.js';
import {useSeconds} from './seconds.js';

function Elapsed({since}) {
	useSeconds(true);
	return html`<span class="num">${duration(Math.max(0, Math.round((now() - Date.parse(since)) / 1000)))}</span>`;
}

function took({state, started_at, seconds}) {
	if (state === 'running' && started_at) return html`<${Elapsed} since=${started_at} />`;
	return state === 'done' && seconds != null ? html`<span class="num">${duration(seconds)}</span>` : null;
}

function usually({state, usual_seconds, p95_seconds}) {
	if (usual_seconds == null || usual_seconds < 1 || !['running', 'waiting'].includes(state)) return null;
	return p95_seconds == null || state === 'waiting' ? t('store.step.usual', {time: duration(usual_seconds)})
		: t('store.step.usual95', {time: duration(usual_seconds), most: duration(p95_seconds)});
}

export function stepRow(step, title) {
	const time = took(step), usual = usually(step);
	return {
		key: step.step, title, state: step.state,
		aside: (time || usual) && html`${time}${time && usual && ' · '}${usual}`,
	};
}
