// Another plan of the version that the store has: what each means, and what changing does.
import {html, useState} from '../html.js';
import {t} from '../i18n.js';
import {asCurl} from '../api.js';
import {useLive} from '../live.js';
import {can} from '../session.js';
import {CopyButton} from '../ui/parts.js';
import {ErrorCard} from '../ui/error-card.js';

const RARELY_MS = 60000;

export function useEngine(name) {
	const {data} = useLive('/engines', {interval: RARELY_MS});
	return data?.find((e) => e.name === name);
}

function Choice({plan, current, checked, disabled, onPick}) {
	return html`
		<label class="choice">
			<input type="radio" name="plan" value=${plan.name} checked=${checked} disabled=${disabled} onChange=${() => onPick(plan.name)} />
			<span>
				<strong>${plan.title}</strong>${current && html` <span class="tag">${t('store.plan.current')}</span>`}
				<small class="muted">${plan.description}</small>
			</span>
		</label>`;
}

export function Plan({store, change}) {
	const [picked, setPicked] = useState(null);
	const wanted = picked ?? store.plan;
	const locked = !can('operator') || change.busy;
	const submit = (event) => {
		event.preventDefault();
		if (wanted !== store.plan) change.patch('plan', {plan: wanted}).then(() => setPicked(null));
	};
	if (!store.plans) return null;	// as a list showed it
	return html`
		<section class="card" aria-labelledby="plan-title">
			<h2 id="plan-title">${t('store.plan.title')}</h2>
			<form onSubmit=${submit}>
				<fieldset class="choices" aria-labelledby="plan-title">
					${store.plans.map((p) => html`<${Choice} key=${p.name} plan=${p} current=${p.name === store.plan}
						checked=${p.name === wanted} disabled=${locked} onPick=${setPicked} />`)}
				</fieldset>
				${store.plans.length < 2 ? html`<p class="muted">${t('store.plan.only')}</p>` : html`
					<p class="muted">${t('store.plan.what')}</p>
					<div class="row">
						<button disabled=${locked || wanted === store.plan} aria-describedby="needs-role">${t('store.plan.change')}</button>
						<${CopyButton} text=${asCurl('PATCH', `/stores/${store.id}`, {plan: wanted})} label=${t('copy.curl')} />
					</div>`}
			</form>
			${change.failed === 'plan' && html`<${ErrorCard} problem=${change.problem} />`}
		</section>`;
}
