// A new store: engine, plan, name and what becomes of its volumes. The draft outlives refusals, a lost
// session and a reload; sending it again makes no second store.
import {html, useEffect, useMemo, useState} from '../html.js';
import {asCurl, post} from '../api.js';
import {can, me} from '../session.js';
import {useLive} from '../live.js';
import {go, usePage} from '../router.js';
import {known, t} from '../i18n.js';
import {Empty} from '../ui/empty.js';
import {ErrorCard} from '../ui/error-card.js';
import {ErrorSummary, Field} from '../ui/field.js';
import {useCountdown} from '../ui/countdown.js';
import {forgetDraft, keyOf, useDraft} from './new-store-draft.js';
import {useNameCheck} from './new-store-name.js';
import {CopyButton, Skeleton, toast} from '../ui/parts.js';

const RARELY_MS = 30000;
const POLICIES = ['destroy', 'retain'];
const IDS = {'/name': 'new-name', '/engine': 'new-engine', '/plan': 'new-plan', '/deletion_policy': 'new-policy'};
const POINTERS = {name_taken: '/name', name_reserved: '/name'};	// refusals that name no member but are one's

function Choice({name, value, checked, onPick, title, text, aside}) {
	return html`<label class="choice">
		<input type="radio" name=${name} value=${value} checked=${checked} onChange=${() => onPick(value)}/>
		<span><strong>${title}</strong>${aside && html` <span class="tag">${aside}</span>`}<small class="muted">${text}</small></span>
	</label>`;
}

function Choices({id, legend, error, children}) {
	return html`<fieldset class="choices" id=${id} tabindex="-1" aria-describedby=${error ? `${id}-error` : undefined}>
		<legend>${legend}</legend>${children}
		${error && html`<p class="wrong" id="${id}-error"><span class="shape" aria-hidden="true">✕</span> ${error}</p>`}
	</fieldset>`;
}

function Engines({engines, engine, plan, error, pick}) {
	return html`
		<${Choices} id="new-engine" legend=${t('new.engine')} error=${error('/engine')}>
			${engines.map((one) => html`<${Choice} key=${one.name} name="engine" value=${one.name} checked=${one === engine}
				title=${one.title} aside=${one.version} text=${one.description} onPick=${(value) => pick({engine: value, plan: null})}/>`)}
		<//>
		<${Choices} id="new-plan" legend=${t('new.plan')} error=${error('/plan')}>
			${engine.plans.map((one) => html`<${Choice} key=${one.name} name="plan" value=${one.name} checked=${one.name === plan}
				title=${one.title} aside=${one.name === engine.default_plan && t('new.plan.default')} text=${one.description}
				onPick=${(value) => pick({plan: value})}/>`)}
		<//>`;
}

function Policy({policy, error, pick}) {
	return html`<details open=${policy !== POLICIES[0]}>
		<summary>${t('new.advanced')}</summary>
		<${Choices} id="new-policy" legend=${t('new.policy')} error=${error('/deletion_policy')}>
			${POLICIES.map((one) => html`<${Choice} key=${one} name="policy" value=${one} checked=${one === policy}
				title=${t(`new.policy.${one}`)} text=${t(`new.policy.${one}.text`)} onPick=${(value) => pick({policy: value})}/>`)}
		<//>
	</details>`;
}

function noteOf(check) {
	if (check.state === 'free') return html`${t('new.name.free')} <code>${check.url}</code>`;
	return check.state === 'checking' || check.state === 'unchecked' ? t(`new.name.${check.state}`) : '';
}

// What the server refused: each member's sentence leads to its field, the rest is said as it is.
function Refusal({problem, left}) {
	const errors = useMemo(() => problem.errors.length > 0
		? problem.errors.map((e) => ({id: IDS[e.pointer], text: e.detail}))
		: [{id: IDS[POINTERS[problem.code]], text: problem.detail}], [problem]);
	const next = `new.next.${problem.code}`;
	return html`<${ErrorSummary} title=${t('new.failed')} errors=${errors}>
		${left > 0 && html`<p>${t('new.wait', {n: left})}</p>`}
		<p>${known(next) && `${t(next)} `}${t('new.kept')}</p>
		${problem.requestId && html`<p class="fine">${t('error.request')} <code>${problem.requestId}</code></p>`}
	<//>`;
}

function useCreate(draft, body) {
	const [problem, setProblem] = useState(null);
	const [busy, setBusy] = useState(false);
	const [left, wait] = useCountdown();
	const create = async () => {
		setBusy(true);
		setProblem(null);
		try {
			const {data} = await post('/stores', body, {headers: {'Idempotency-Key': keyOf(draft, body)}});
			forgetDraft();
			toast(t('new.created', {name: data.name}));
			go(`#/stores/${data.id}`);
		} catch (failed) {
			setBusy(false);
			if (failed.status === 401) return;	// a dialog asks to sign in; then one presses Create again
			if (failed.status === 429) wait(failed.retryAfter ?? 1);
			setProblem(failed);
		}
	};
	return {create, problem, busy, left};
}

// The engine that most of the tenant's stores have, or the first on offer.
function usualOf(engines, used) {
	const rank = ({name}) => used[name] ?? 0;
	return engines.reduce((best, one) => rank(one) > rank(best) ? one : best).name;
}

function Form({engines, used}) {
	const [draft, pick] = useDraft();
	const [usual] = useState(() => usualOf(engines, used));	// it stays, whatever becomes of the stores meanwhile
	const named = (name) => engines.find((one) => one.name === name);
	const engine = named(draft.engine) ?? named(usual) ?? engines[0];
	const plan = engine.plans.find((one) => one.name === draft.plan)?.name ?? engine.default_plan;
	const name = draft.name.trim().toLowerCase();
	const body = {name, engine: engine.name, plan, deletion_policy: draft.policy};
	const check = useNameCheck(name);
	const [empty, setEmpty] = useState(false);
	const {create, problem, busy, left} = useCreate(draft, body);
	const [refusedName, setRefusedName] = useState(null);
	useEffect(() => setRefusedName(problem && name), [problem]);
	const error = (pointer) => problem && (problem.at(pointer) || (POINTERS[problem.code] === pointer && problem.detail));
	const nameError = (empty && !name && t('new.name.missing')) || (refusedName === name && error('/name')) || check.reason;
	const submit = (event) => {
		event.preventDefault();
		setEmpty(true);
		if (!name) document.getElementById(IDS['/name']).focus();
		else if (!busy && left === 0) create();
	};
	return html`
		${problem && html`<${Refusal} problem=${problem} left=${left}/>`}
		<form onSubmit=${submit} novalidate aria-label=${t('new.title')}>
			<${Engines} engines=${engines} engine=${engine} plan=${plan} error=${error} pick=${pick}/>
			<${Field} id=${IDS['/name']} label=${t('new.name')} hint=${t('new.name.rule')} value=${draft.name} required maxlength="50"
				autocomplete="off" autocapitalize="off" spellcheck=${false} error=${nameError} note=${noteOf(check)}
				onInput=${(event) => pick({name: event.target.value})}/>
			<${Policy} policy=${draft.policy} error=${error} pick=${pick}/>
			<div class="row">
				<button class="primary" disabled=${busy || left > 0}>${t(busy ? 'new.busy' : 'new.create')}</button>
				<a class="button quiet" href="#/stores">${t('new.cancel')}</a>
				<${CopyButton} text=${asCurl('POST', '/stores', body)} label=${t('copy.curl')}/>
			</div>
		</form>`;
}

function Room({data}) {
	if (!data) return null;
	const tenant = me.value.tenant.name;
	const left = data.max_stores - data.total;
	if (left > 0) return html`<p class="muted">${t('new.lead')} ${t('new.quota.left', {n: left, tenant})}</p>`;
	return html`<${ErrorCard} what=${t('new.quota.none', {tenant, most: data.max_stores})} next=${t('new.quota.none.text')}/>`;
}

function Content() {
	const {data, error, refresh} = useLive('/engines', {interval: RARELY_MS});
	const {data: summary, error: unknown} = useLive('/stores/summary', {interval: RARELY_MS});
	if (!can('operator')) {
		return html`<div class="card"><${Empty} title=${t('new.forbidden')}
			text=${t('role.needed', {role: t(`role.${me.value.role}`), needed: t('role.operator'), tenant: me.value.tenant.name})}>
			<a class="button" href="#/stores">${t('nav.stores')}</a><//></div>`;
	}
	if (!data && error) return html`<${ErrorCard} problem=${error}><button type="button" onClick=${refresh}>${t('app.retry')}</button><//>`;
	if (!data || !(summary || unknown)) return html`<div aria-busy="true"><${Skeleton} rows=${6}/></div>`;
	if (data.length === 0) {
		return html`<div class="card"><${Empty} title=${t('new.engines.none')} text=${t('new.engines.none.text')}>
			<pre>storeward engines load</pre><//></div>`;
	}
	return html`<${Room} data=${summary}/><${Form} engines=${data} used=${summary?.by_engine ?? {}}/>`;
}

export default function NewStore() {
	usePage(t('new.title'));
	return html`<div class="page narrow-page"><h1 tabindex="-1">${t('new.title')}</h1><${Content}/></div>`;
}
