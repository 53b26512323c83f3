// What failed, why, and what to do: for a request's Problem, or for a store's reason, message and next step.
import {html} from '../html.js';
import {t, known} from '../i18n.js';
import {CopyButton} from './parts.js';

const nextOf = (problem) => known(`next.${problem.code}`) ? t(`next.${problem.code}`)
	: problem.status >= 500 || problem.status === 0 ? t('next.retry') : null;

export function ErrorCard({problem, what, why, next, code, children, level = 'h2'}) {
	const facts = problem
		? {what: what ?? t('error.what'), why: problem.detail, next: next ?? nextOf(problem), code: problem.code, id: problem.requestId}
		: {what, why, next, code};
	return html`<section class="error-card" role=${problem ? 'alert' : undefined}>
		<${level} class="title"><span class="shape" aria-hidden="true">✕</span> ${facts.what}<//>
		${facts.why && html`<p>${facts.why}</p>`}
		${facts.next && html`<p><strong>${t('error.next')}</strong> ${facts.next}</p>`}
		${children && html`<div class="actions">${children}</div>`}
		${(facts.code || facts.id) && html`<p class="fine">
			${facts.code && html`<span>${t('error.code')} <code>${facts.code}</code></span>`}
			${facts.id && html`<span>${t('error.request')} <code>${facts.id}</code> <${CopyButton} text=${facts.id} name=${t('error.request')}/></span>`}
		</p>`}
	</section>`;
}
