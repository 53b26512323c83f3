// New passwords for a shop: what that means is said before it is done.
import {html, useState} from '../html.js';
import {t} from '../i18n.js';
import {asCurl} from '../api.js';
import {can} from '../session.js';
import {CopyButton} from '../ui/parts.js';
import {Dialog} from '../ui/dialog.js';
import {ErrorCard} from '../ui/error-card.js';

const MEANS = ['store.rotate.old', 'store.rotate.sessions', 'store.rotate.sells', 'store.rotate.reveal'];
const ASLEEP = ['store.rotate.old', 'store.rotate.sessions', 'store.rotate.asleep'];

function Ask({store, busy, onDo, onClose}) {
	return html`<${Dialog} title=${t('store.rotate.ask', {name: store.name})} onClose=${onClose}>
		<ul>${(store.desired === 'suspended' ? ASLEEP : MEANS).map((key) => html`<li key=${key}>${t(key)}</li>`)}</ul>
		<footer>
			<button type="button" onClick=${onClose} autofocus>${t('store.rotate.keep')}</button>
			<button type="button" class="primary" disabled=${busy} onClick=${onDo}>${t('store.rotate.do')}</button>
		</footer>
	<//>`;
}

// onDone: the passwords that are shown are the old ones.
export function Rotate({store, change, onDone}) {
	const [asking, setAsking] = useState(false);
	const path = `/stores/${store.id}/credentials/rotate`;
	const rotate = async () => {
		if (await change.post('rotate', path)) onDone();
		setAsking(false);
	};
	if (!store.rotates) return html`<p class="muted">${t('store.rotate.never')}</p>`;
	return html`
		<div class="row">
			<button type="button" disabled=${!can('operator') || change.busy || !store.provisioning_completed_at} onClick=${() => setAsking(true)}
				aria-describedby="secret-early needs-role">${t('store.rotate.new')}</button>
			<${CopyButton} text=${asCurl('POST', path)} label=${t('copy.curl')} />
		</div>
		${change.failed === 'rotate' && html`<${ErrorCard} problem=${change.problem} />`}
		${asking && html`<${Ask} store=${store} busy=${change.busy} onDo=${rotate} onClose=${() => setAsking(false)} />`}`;
}
