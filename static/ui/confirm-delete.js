// Deleting a store: names it, says what goes and what stays, wants its name typed, shows the error where one is.
import {html, useId, useState} from '../html.js';
import {del} from '../api.js';
import {t} from '../i18n.js';
import {Dialog} from './dialog.js';
import {Field} from './field.js';

export function DeleteDialog({store, onDone, onClose = onDone}) {
	const [typed, setTyped] = useState('');
	const [error, setError] = useState('');
	const [busy, setBusy] = useState(false);
	const id = useId();
	const retained = store.deletion_policy === 'retain';
	const submit = async (event) => {
		event.preventDefault();
		if (typed.trim() !== store.name) {
			setError(t('delete.differs', {name: store.name}));
			document.getElementById(id).focus();
			return;
		}
		setBusy(true);
		try {
			await del(`/stores/${store.id}`);
			onDone(true);
		} catch (problem) {
			setError(problem.detail ?? problem.message);
			setBusy(false);
		}
	};
	return html`<${Dialog} title=${t('delete.title', {name: store.name})} onClose=${() => onClose(false)}>
		<form onSubmit=${submit} novalidate>
			<p>${t('delete.goes')}</p>
			<ul>
				<li>${t('delete.goes.shop', {host: store.domain ?? store.name})}</li>
				<li>${t('delete.goes.orders')}</li>
				<li>${t(retained ? 'delete.stays.volumes' : 'delete.goes.volumes')}</li>
			</ul>
			<p>${t('delete.stays')}</p>
			<${Field} id=${id} label=${t('delete.type', {name: store.name})} value=${typed} error=${error} autofocus
				onInput=${(e) => setTyped(e.target.value)} autocomplete="off" autocapitalize="off" spellcheck=${false}/>
			<footer>
				<button type="button" onClick=${() => onClose(false)}>${t('delete.keep')}</button>
				<button class="danger" aria-disabled=${busy} disabled=${busy}>${t(busy ? 'delete.busy' : 'delete.do', {name: store.name})}</button>
			</footer>
		</form>
	<//>`;
}
