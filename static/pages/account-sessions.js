// Where one is signed in, and how to end it there.
import {html, useState} from '../html.js';
import {t} from '../i18n.js';
import {del} from '../api.js';
import {useLive} from '../live.js';
import {Dialog} from '../ui/dialog.js';
import {ErrorCard} from '../ui/error-card.js';
import {Skeleton, Time, toast} from '../ui/parts.js';

const SLOW_MS = 10000;

// 'Firefox on Linux' of a user agent's text; the text itself is shown below.
const BROWSERS = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari'], ['curl/', 'curl']];
const SYSTEMS = [['Android', 'Android'], ['iPhone', 'iOS'], ['iPad', 'iPadOS'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['Linux', 'Linux']];
const found = (list, text) => list.find(([mark]) => text.includes(mark))?.[1];

function device(agent) {
	const browser = found(BROWSERS, agent) ?? t('account.sessions.browser'), system = found(SYSTEMS, agent);
	return system ? t('account.sessions.device', {browser, system}) : browser;
}

// One dialog for both lists: says what ends, shows the error inside.
export function ConfirmEnd({title, text, action, run, onClose}) {
	const [problem, setProblem] = useState(null);
	const [busy, setBusy] = useState(false);
	const end = async () => {
		setBusy(true);
		try {
			await run();
			onClose();
		} catch (e) {
			setProblem(e);
			setBusy(false);
		}
	};
	return html`
		<${Dialog} title=${title} onClose=${onClose}>
			<p>${text}</p>
			${problem && html`<${ErrorCard} problem=${problem} level="h3" />`}
			<footer>
				<button type="button" onClick=${onClose}>${t('account.keep')}</button>
				<button type="button" class="danger" disabled=${busy} onClick=${end}>${action}</button>
			</footer>
		<//>`;
}

function Session({session, onEnd}) {
	return html`
		<tr>
			<td data-label=${t('account.sessions.where')}>
				<div><strong>${device(session.user_agent)}</strong>${session.current && html` <span class="tag">${t('account.sessions.current')}</span>`}
				<small class="muted agent">${session.user_agent}</small></div>
			</td>
			<td data-label=${t('account.sessions.ip')}><span>${session.ip ?? '—'}</span></td>
			<td data-label=${t('account.sessions.since')}><${Time} at=${session.created_at} /></td>
			<td data-label=${t('account.sessions.seen')}><${Time} at=${session.last_seen_at} /></td>
			<td data-label=${t('account.sessions.ends')}><${Time} at=${session.expires_at} /></td>
			<td>${!session.current && html`
				<button type="button" class="small danger" onClick=${() => onEnd(session)} aria-label=${t('account.sessions.end_what', {what: device(session.user_agent)})}>${t('account.sessions.end')}</button>`}
			</td>
		</tr>`;
}

export function Sessions() {
	const {data, error, refresh} = useLive('/me/sessions', {interval: SLOW_MS});
	const [ending, setEnding] = useState(null);
	const end = async () => {
		await del(`/me/sessions/${ending.id}`);
		await refresh();
		toast(t('account.sessions.ended'));
	};
	return html`
		<section aria-labelledby="sessions-title">
			<h2 id="sessions-title">${t('account.sessions.title')}</h2>
			${!data && (error ? html`<${ErrorCard} problem=${error} />` : html`<${Skeleton} />`)}
			${data && html`
				<div class="card table">
					<table class="cards">
						<thead><tr>
							${['where', 'ip', 'since', 'seen', 'ends'].map((c) => html`<th scope="col">${t(`account.sessions.${c}`)}</th>`)}
							<th scope="col"><span class="sr-only">${t('account.actions')}</span></th>
						</tr></thead>
						<tbody>${data.map((s) => html`<${Session} key=${s.id} session=${s} onEnd=${setEnding} />`)}</tbody>
					</table>
				</div>`}
			${ending && html`<${ConfirmEnd} title=${t('account.sessions.ask')} text=${t('account.sessions.what', {what: device(ending.user_agent)})}
				action=${t('account.sessions.end')} run=${end} onClose=${() => setEnding(null)} />`}
		</section>`;
}
