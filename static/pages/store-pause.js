// Suspend and resume, and what either means for visitors and data.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {asCurl} from '../api.js';
import {can} from '../session.js';
import {CopyButton} from '../ui/parts.js';
import {ErrorCard} from '../ui/error-card.js';

export function Pause({store, change}) {
	const asleep = store.desired === 'suspended', kind = asleep ? 'resume' : 'suspend';
	const early = !asleep && !store.provisioning_completed_at;
	const locked = !can('operator') || change.busy || early;
	return html`
		<section class="card" aria-labelledby="pause-title">
			<h2 id="pause-title">${t(`store.${kind}.title`)}</h2>
			<p class="muted">${t(`store.${kind}.what`)}</p>
			<div class="row">
				<button type="button" disabled=${locked} onClick=${() => change.patch(kind, {suspended: !asleep})} aria-describedby="pause-early needs-role">
					${t(`store.${kind}.do`)}
				</button>
				<${CopyButton} text=${asCurl('PATCH', `/stores/${store.id}`, {suspended: !asleep})} label=${t('copy.curl')} />
			</div>
			${early && html`<p class="note" id="pause-early">${t('store.suspend.early')}</p>`}
			${change.failed === kind && html`<${ErrorCard} problem=${change.problem} />`}
		</section>`;
}
