// API tokens: made and shown once, listed without their secret, revoked after a question.
import {html, useEffect, useRef, useState} from '../html.js';
import {t} from '../i18n.js';
import {asCurl, del, now, post} from '../api.js';
import {useLive} from '../live.js';
import {me} from '../session.js';
import {CopyButton, Skeleton, Time, toast} from '../ui/parts.js';
import {ErrorCard} from '../ui/error-card.js';
import {Field} from '../ui/field.js';
import {ConfirmEnd} from './account-sessions.js';

const SLOW_MS = 10000, DAYS = [7, 30, 90, 365], USUAL_DAYS = 90;

const stateOf = (token) => token.revoked_at ? 'revoked' : token.expires_at && Date.parse(token.expires_at) < now() ? 'expired' : 'valid';

// Only here and only now: the server keeps no more than its hash.
function Made({made, onClose}) {
	const heading = useRef(null);
	useEffect(() => heading.current.focus(), []);
	const example = `API_TOKEN=${made.token}\n${asCurl('GET', '/stores')}`;
	return html`
		<section class="card made" aria-labelledby="made-title">
			<h3 id="made-title" tabindex="-1" ref=${heading}>${t('account.tokens.made', {name: made.name})}</h3>
			<p>${t('account.tokens.once')}</p>
			<p class="row"><code>${made.token}</code> <${CopyButton} text=${made.token} label=${t('account.tokens.copy')} /></p>
			<pre tabindex="0">${example}</pre>
			<p class="row"><${CopyButton} text=${example} label=${t('account.tokens.copy_example')} /><button type="button" onClick=${onClose}>${t('account.tokens.done')}</button></p>
		</section>`;
}

function Create({onMade}) {
	const [name, setName] = useState('');
	const [days, setDays] = useState(USUAL_DAYS);
	const [problem, setProblem] = useState(null);
	const [busy, setBusy] = useState(false);
	const wrong = problem?.at('/name') || '';
	const submit = async (event) => {
		event.preventDefault();
		setBusy(true);
		setProblem(null);
		try {
			const {data} = await post('/me/tokens', {name: name.trim(), expires_in_days: days});
			setName('');
			onMade(data);
		} catch (e) {
			setProblem(e);
		}
		setBusy(false);
	};
	return html`
		<form class="inline-form" onSubmit=${submit}>
			<${Field} label=${t('account.tokens.name')} hint=${t('account.tokens.name.hint')} value=${name} error=${wrong} required maxlength="100" autocomplete="off"
				onInput=${(e) => setName(e.target.value)} />
			<${Field} as="select" label=${t('account.tokens.for')} hint=${t('account.tokens.for.hint')} value=${String(days)} error=${problem?.at('/expires_in_days')}
				onChange=${(e) => setDays(Number(e.target.value))}>
				${DAYS.map((n) => html`<option key=${n} value=${String(n)}>${t('account.tokens.days', {n})}</option>`)}
			<//>
			<button class="primary" disabled=${busy || !name.trim()}>${t('account.tokens.do')}</button>
			${problem && !wrong && html`<${ErrorCard} problem=${problem} level="h3" />`}
		</form>`;
}

function Token({token, onRevoke}) {
	const state = stateOf(token);
	return html`
		<tr>
			<td data-label=${t('account.tokens.name')}><strong>${token.name}</strong></td>
			<td data-label=${t('account.tokens.state')}><span>${t(`account.tokens.state.${state}`)}</span></td>
			<td data-label=${t('account.tokens.created')}><${Time} at=${token.created_at} /></td>
			<td data-label=${t('account.tokens.used')}>${token.last_used_at ? html`<${Time} at=${token.last_used_at} />` : html`<span>${t('account.tokens.never')}</span>`}</td>
			<td data-label=${t('account.tokens.expires')}>${token.expires_at ? html`<${Time} at=${token.expires_at} />` : html`<span>${t('account.tokens.never')}</span>`}</td>
			<td>${state === 'valid' && html`
				<button type="button" class="small danger" onClick=${() => onRevoke(token)} aria-label=${t('account.tokens.revoke_what', {name: token.name})}>${t('account.tokens.revoke')}</button>`}
			</td>
		</tr>`;
}

function List({tokens, onRevoke}) {
	if (!tokens.length) return html`<p class="muted">${t('account.tokens.none')}</p>`;
	return html`
		<div class="card table">
			<table class="cards">
				<thead><tr>
					${['name', 'state', 'created', 'used', 'expires'].map((c) => html`<th scope="col">${t(`account.tokens.${c}`)}</th>`)}
					<th scope="col"><span class="sr-only">${t('account.actions')}</span></th>
				</tr></thead>
				<tbody>${tokens.map((one) => html`<${Token} key=${one.id} token=${one} onRevoke=${onRevoke} />`)}</tbody>
			</table>
		</div>`;
}

export function Tokens() {
	const {data, error, refresh} = useLive('/me/tokens', {interval: SLOW_MS});
	const [made, setMade] = useState(null);
	const [revoking, setRevoking] = useState(null);
	const revoke = async () => {
		await del(`/me/tokens/${revoking.id}`);
		await refresh();
		toast(t('account.tokens.revoked', {name: revoking.name}));
	};
	return html`
		<section aria-labelledby="tokens-title">
			<h2 id="tokens-title">${t('account.tokens.title')}</h2>
			<p class="muted">${t('account.tokens.text', {tenant: me.value.tenant.name})}</p>
			<${Create} onMade=${(one) => { setMade(one); refresh(); }} />
			${made && html`<${Made} key=${made.id} made=${made} onClose=${() => setMade(null)} />`}
			${!data && (error ? html`<${ErrorCard} problem=${error} />` : html`<${Skeleton} />`)}
			${data && html`<${List} tokens=${data} onRevoke=${setRevoking} />`}
			${revoking && html`<${ConfirmEnd} title=${t('account.tokens.ask', {name: revoking.name})} text=${t('account.tokens.what')}
				action=${t('account.tokens.revoke')} run=${revoke} onClose=${() => setRevoking(null)} />`}
		</section>`;
}
