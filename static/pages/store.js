// One store: what is wished, what is there, what happens, and what a person can do about it.
import {html, useEffect, useRef, useState} from '../html.js';
import {t} from '../i18n.js';
import {asCurl, now} from '../api.js';
import {useLive} from '../live.js';
import {route, usePage} from '../router.js';
import {can} from '../session.js';
import {styles} from '../styles.js';
import {CopyButton, Skeleton, StatusBadge, statusText, Time} from '../ui/parts.js';
import {DeleteDialog} from '../ui/confirm-delete.js';
import {ErrorCard} from '../ui/error-card.js';
import {Axes} from './store-axes.js';
import {useChange} from './store-change.js';
import {Orders} from './store-check.js';
import {refused} from './store-conditions.js';
import {Credentials} from './store-credentials.js';
import {Deletion, Gone} from './store-deletion.js';
import {Events, useEvents} from './store-events.js';
import {Operation, useOperation} from './store-operation.js';
import {Pause} from './store-pause.js';
import {Plan, useEngine} from './store-plan.js';
import {Progress} from './store-progress.js';
import {Version} from './store-version.js';
import {Forbidden} from './forbidden.js';
import {term} from './terms.js';

await styles('pages/store.css');

const TROUBLE = ['failed', 'degraded'];
const IN_ORDER = ['Provisioning', 'Suspended', 'Deleting'];	// reasons that ask for nothing

const web = (url) => /^https?:\/\//.test(url ?? '');

function Shop({url, text}) {
	return web(url) && html`<a class="button" href=${url} target="_blank" rel="noreferrer">${text}<span aria-hidden="true"> ↗</span></a>`;
}

function Heading({store, engine}) {
	return html`
		<header class="store-heading">
			<div>
				<p><a href="#/stores">← ${t('store.back')}</a></p>
				<h1 tabindex="-1">${store.name} <${StatusBadge} status=${store.status} /></h1>
				<p class="muted">
					${engine?.title ?? store.engine} · ${store.domain} · ${t('store.on', {cluster: store.cluster ?? '?'})} · ${t('store.made')} <${Time} at=${store.created_at} />
				</p>
			</div>
			<div class="row">
				${store.desired !== 'absent' && html`
					<${Shop} url=${store.storefront_url} text=${t('store.open')} />
					<${Shop} url=${store.admin_url} text=${t('store.admin')} />`}
				<${CopyButton} text=${store.id} label=${t('store.copy_id')} />
				<${CopyButton} text=${asCurl('GET', `/stores/${store.id}`)} label=${t('copy.curl')} />
			</div>
		</header>`;
}

function showEvents() {
	const events = document.getElementById('events');
	events.scrollIntoView({block: 'start'});
	events.focus({preventScroll: true});
}

const troubled = (store) => TROUBLE.includes(store.status) ||
	(store.reason && !IN_ORDER.includes(store.reason) && (store.status !== 'ready' || refused(store)));

// Why it is not as wished, and what to do.
function Trouble({store, change}) {
	const failed = change.failed === 'retry' && html`<${ErrorCard} problem=${change.problem} />`;
	if (!troubled(store) || store.desired === 'absent') return failed || null;
	const retry = TROUBLE.includes(store.status) || (store.status === 'provisioning' && (store.attempts > 0 || store.reason !== null));
	const path = `/stores/${store.id}/retry`;
	return html`
		<${ErrorCard} what=${term('store.reason', store.reason ?? store.status)} why=${store.message} next=${store.next_step} code=${store.reason}>
			${retry && html`<button type="button" class="primary" disabled=${!can('operator') || change.busy}
				onClick=${() => change.post('retry', path)} aria-describedby="needs-role">${t('store.retry')}</button>`}
			<button type="button" onClick=${showEvents}>${t('store.open_events')}</button>
			<${CopyButton} text=${[store.reason, store.message, store.next_step].filter(Boolean).join('\n')} label=${t('store.copy_reason')} />
			${retry && html`<${CopyButton} text=${asCurl('POST', path)} label=${t('copy.curl')} />`}
		<//>
		${failed}`;
}

function Danger({store, onDone}) {
	const [asking, setAsking] = useState(false);
	return html`
		<section class="card zone" aria-labelledby="danger-title">
			<h2 id="danger-title">${t('store.danger.title')}</h2>
			<p>${t(store.deletion_policy === 'retain' ? 'store.danger.retain' : 'store.danger.what')}</p>
			<div class="row">
				<button type="button" class="danger" disabled=${!can('operator')} onClick=${() => setAsking(true)} aria-describedby="needs-role">
					${t('store.danger.do')}
				</button>
				<${CopyButton} text=${asCurl('DELETE', `/stores/${store.id}`)} label=${t('copy.curl')} />
			</div>
			${asking && html`<${DeleteDialog} store=${store} onDone=${(done) => { setAsking(false); onDone(done); }} />`}
		</section>`;
}

function Present({live, store, events}) {
	const {operation, begin, dismiss} = useOperation(store);
	const change = useChange(store, live.headers?.get('ETag'), live.refresh, begin);
	const engine = useEngine(store.engine);
	const deleting = store.desired === 'absent';
	return html`
		<div class="page store">
			<${Heading} store=${store} engine=${engine} />
			${operation && !deleting && html`<${Operation} of=${operation} store=${store} onDismiss=${dismiss} />`}
			${!deleting && html`<${Forbidden} role="operator" id="needs-role" />`}
			<p class="sr-only" role="status">${statusText(store.status)}</p>
			<${Trouble} store=${store} change=${change} />
			<${Axes} store=${store} change=${change} said=${troubled(store) && !deleting ? store.message : null} />
			<div class="columns">
				<div>
					${deleting ? html`<${Deletion} store=${store} events=${events.all} />` : html`<${Progress} store=${store} />`}
					<${Events} events=${events} />
				</div>
				${!deleting && html`
					<div>
						<${Credentials} store=${store} change=${change} />
						<${Version} store=${store} engine=${engine} change=${change} />
						<${Plan} store=${store} change=${change} />
						<${Orders} store=${store} change=${change} />
						<${Pause} store=${store} change=${change} />
						<${Danger} store=${store} onDone=${live.refresh} />
					</div>`}
			</div>
		</div>`;
}

function Absent({id}) {
	return html`
		<div class="page">
			<h1 tabindex="-1">${t('store.none.title')}</h1>
			<p>${t('store.none.text')}</p>
			<p class="row">
				<a class="button" href="#/stores">${t('store.gone.back')}</a>
				${can('admin') && html`<a class="button" href=${`#/audit?resource_id=${id}`}>${t('store.gone.audit')}</a>`}
			</p>
		</div>`;
}

function Loading({problem}) {
	return html`
		<div class="page">
			<h1 tabindex="-1">${t('store.title')}</h1>
			${problem ? html`<${ErrorCard} problem=${problem} />` : html`<${Skeleton} />`}
		</div>`;
}

export default function StorePage() {
	const [id] = useState(() => route.value.id);
	const [gone, setGone] = useState(null);	// when it was found to be no more
	const live = useLive(gone ? null : `/stores/${id}`);
	const last = useRef(null);
	if (live.data) last.current = live.data;
	const events = useEvents(gone || !last.current ? null : id);
	const missing = live.error?.status === 404;

	useEffect(() => {
		if (missing) setGone(new Date(now()));
	}, [missing]);
	const store = last.current;
	usePage(store?.name ?? t('store.title'));
	if (gone) return store ? html`<${Gone} store=${store} events=${events.all} at=${gone} />` : html`<${Absent} id=${id} />`;
	if (!store) return html`<${Loading} problem=${live.error} />`;
	return html`<${Present} live=${live} store=${store} events=${events} />`;
}
