// Ordered steps with their state. steps: [{key, title, state: done|running|waiting|failed, aside, text}].
import {html} from '../html.js';
import {t} from '../i18n.js';

const SHAPES = {done: '✓', running: '◐', waiting: '○', failed: '✕'};

export function Timeline({steps, label}) {
	return html`<ol class="timeline" aria-label=${label}>
		${steps.map(({key, title, state, aside, text}) => html`
			<li key=${key} data-state=${state} aria-current=${state === 'running' ? 'step' : undefined}>
				<span class="shape" aria-hidden="true">${SHAPES[state] ?? '○'}</span>
				<span class="what">${title} <span class="sr-only">${t(`step.state.${state}`)}</span></span>
				${aside && html`<span class="aside">${aside}</span>`}
				${text && html`<div class="text">${text}</div>`}
			</li>`)}
	</ol>`;
}
