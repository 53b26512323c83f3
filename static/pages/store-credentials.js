// The shop administrator's credentials: asked for by a person, shown for half a minute, never part of the page before.
import {html, useEffect, useState} from '../html.js';
import {t} from '../i18n.js';
import {asCurl, post} from '../api.js';
import {CopyButton} from '../ui/parts.js';
import {ErrorCard} from '../ui/error-card.js';
import {can} from '../session.js';
import {Rotate} from './store-rotate.js';

const SHOWN_S = 30;

function Value({of, shown}) {
	if (of.value == null) return html`<span class="muted">${t('store.secret.missing')}</span>`;
	return html`
		${shown ? html`<code>${of.value}</code>` : html`<span aria-hidden="true">••••••••</span><span class="sr-only">${t('store.secret.hidden')}</span>`}
		<${CopyButton} text=${of.value} label=${t('store.secret.copy', {what: of.title})} />`;
}

const Secret = ({of, shown}) => html`<div class="secret"><dt>${of.title}</dt><dd><${Value} of=${of} shown=${shown} /></dd></div>`;

function Secrets({secrets, shown, left, onShow, onHide}) {
	return html`
		<dl class="secrets">${secrets.map((s) => html`<${Secret} key=${s.key} of=${s} shown=${shown} />`)}</dl>
		<p class="row">
			<button type="button" onClick=${onShow}>${shown ? t('store.secret.cover') : t('store.secret.show')}</button>
			<button type="button" onClick=${onHide}>${t('store.secret.forget')}</button>
			<span class="muted">${t('store.secret.left', {n: left})}</span>
		</p>`;
}

export function Credentials({store, change}) {
	const [secrets, setSecrets] = useState(null);
	const [shown, setShown] = useState(false);
	const [left, setLeft] = useState(0);
	const [problem, setProblem] = useState(null);
	const [busy, setBusy] = useState(false);
	const path = `/stores/${store.id}/credentials/reveal`;
	const forget = () => { setSecrets(null); setShown(false); };

	useEffect(() => {
		if (!secrets) return undefined;
		const end = performance.now() + SHOWN_S * 1000;
		const timer = setInterval(() => {
			const rest = Math.ceil((end - performance.now()) / 1000);
			setLeft(rest);
			if (rest <= 0) forget();
		}, 500);
		return () => clearInterval(timer);
	}, [secrets]);

	const reveal = async (show) => {
		setBusy(true);
		setProblem(null);
		try {
			const {data} = await post(path);
			setLeft(SHOWN_S);
			setShown(show);
			setSecrets(data.credentials);
		} catch (e) {
			setProblem(e);
		} finally {
			setBusy(false);
		}
	};
	const early = !store.provisioning_completed_at, locked = busy || early || !can('operator');
	return html`
		<section class="card" aria-labelledby="secret-title">
			<h2 id="secret-title">${t('store.secret.title')}</h2>
			<p class="muted">${t('store.secret.text')}</p>
			<p class="sr-only" role="status">${secrets && t('store.secret.announce', {n: SHOWN_S})}</p>
			${secrets && html`<${Secrets} secrets=${secrets} shown=${shown} left=${left} onShow=${() => setShown(!shown)} onHide=${forget} />`}
			${problem && html`<${ErrorCard} problem=${problem} />`}
			${!secrets && html`
				<div class="row">
					<button type="button" disabled=${locked} onClick=${() => reveal(true)} aria-describedby="secret-early needs-role">${t('store.secret.reveal')}</button>
					<button type="button" disabled=${locked} onClick=${() => reveal(false)} aria-describedby="secret-early needs-role">${t('store.secret.without')}</button>
					<${CopyButton} text=${asCurl('POST', path)} label=${t('copy.curl')} />
				</div>`}
			${early && html`<p class="note" id="secret-early">${t('store.secret.early')}</p>`}
			<${Rotate} store=${store} change=${change} onDone=${forget} />
		</section>`;
}
