// How the installation is and was: what was checked and when, numbers, a chart over time, open incidents.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {useLive} from '../live.js';
import {route, usePage} from '../router.js';
import {me} from '../session.js';
import {styles} from '../styles.js';
import {duration, number, percent} from '../format.js';
import {ErrorCard} from '../ui/error-card.js';
import {Skeleton, Time} from '../ui/parts.js';
import {History} from './observe-history.js';
import {term} from './terms.js';

await styles('pages/observe.css');

export const HOURS = [24, 168, 720];
const SLOW_MS = 5000;
const LATE_S = 60;	// a pass comes every 15 s where nothing is wrong
const SHAPES = {good: '●', bad: '✕', late: '▲', unknown: '?'};

function Check({name, level, text, children}) {
	return html`
		<li class=${`check is-${level}`}>
			<span class="shape" aria-hidden="true">${SHAPES[level]}</span>
			<span class="check-name">${name}</span>
			<span>${text} ${children && html`<small class="muted">${children}</small>`}</span>
		</li>`;
}

function passLevel(age) {
	if (age == null) return 'unknown';
	return age > LATE_S ? 'late' : 'good';
}

// What was seen, or why nothing was. What is not known is unknown, not good.
const FINE = /^(connected|available)$/i, NOT_KNOWN = /^unknown\b/i;
const seenLevel = (value) => value == null || NOT_KNOWN.test(value) ? 'unknown' : FINE.test(value) ? 'good' : 'bad';
const word = (value) => value == null ? t('observe.unknown') : term('observe.value', value);

// What was good when it was last looked at may not be any more.
function Cluster({of}) {
	const pass = passLevel(of.age_seconds), aged = (level) => level === 'good' ? pass : level;
	const checked = of.last_pass_at ? html`${t('observe.checked')} <${Time} at=${of.last_pass_at} />` : t('observe.never');
	return html`
		<section class="card">
			<h3>${of.name} <span class="tag">${term('observe.state', of.state)}</span></h3>
			<ul class="checks">
				<${Check} name=${t('observe.pass')} level=${pass}
					text=${of.last_pass_at ? html`<${Time} at=${of.last_pass_at} />` : t('observe.unknown')} />
				<${Check} name=${t('observe.kubernetes')} level=${aged(seenLevel(of.kubernetes))} text=${word(of.kubernetes)}>${checked}<//>
				<${Check} name=${t('observe.helm')} level=${aged(seenLevel(of.helm))} text=${word(of.helm)}>${checked}<//>
				<${Check} name=${t('observe.errors')} level=${of.errors == null ? 'unknown' : of.errors > 0 ? 'late' : pass}
					text=${of.errors == null ? t('observe.unknown') : number(of.errors)} />
			</ul>
		</section>`;
}

// From the answer that just came, or from none.
function Control({database, away}) {
	const level = (value) => away ? 'unknown' : seenLevel(value), said = (value) => word(away ? null : value);
	const checks = [['observe.database', database], ['observe.api', 'Connected']];
	return html`
		<section class="card">
			<h3>${t('observe.control')}</h3>
			<ul class="checks">${checks.map(([name, value]) => html`
				<${Check} key=${name} name=${t(name)} level=${level(value)} text=${said(value)}>${!away && t('observe.just')}<//>`)}</ul>
		</section>`;
}

function Health() {
	const {data, error} = useLive('/observability/health', {interval: SLOW_MS});
	if (!data) return error ? html`<${ErrorCard} problem=${error} />` : html`<${Skeleton} />`;
	return html`
		<section aria-labelledby="health-title">
			<h2 id="health-title">${t('observe.health')}</h2>
			<div class="tiles">
				<${Control} database=${data.database} away=${Boolean(error)} />
				${data.clusters?.map((c) => html`<${Cluster} key=${c.name} of=${c} />`)}
			</div>
			${!data.clusters?.length && html`<p class="note">${t('observe.no_cluster')}</p>`}
		</section>`;
}

function Figure({name, value, hint}) {
	return html`<div class="card figure"><dt>${name}</dt><dd><strong class="num">${value}</strong> <small class="muted">${hint}</small></dd></div>`;
}

function Metrics() {
	const {data, error} = useLive('/observability/metrics', {interval: SLOW_MS});
	if (!data) return error ? html`<${ErrorCard} problem=${error} />` : html`<${Skeleton} />`;
	// The peer's shape has numbers where there is nothing to work them out from: those are not shown.
	const ready = data.active_namespaces > 0, tried = ready || data.failed_stores + data.purged_stores_ever > 0;
	const hint = (is, key) => t(is ? key : 'observe.rate.none');
	return html`
		<section aria-labelledby="metrics-title">
			<h2 id="metrics-title">${t('observe.metrics')}</h2>
			<dl class="figures">
				<${Figure} name=${t('observe.total')} value=${number(data.total_stores)} hint=${t('observe.ever', {made: data.created_stores_ever, gone: data.purged_stores_ever})} />
				<${Figure} name=${t('observe.failed')} value=${number(data.failed_stores)} hint=${t('observe.failed.hint')} />
				<${Figure} name=${t('observe.rate')} value=${tried ? percent(data.success_rate / 100) : '—'} hint=${hint(tried, 'observe.rate.hint')} />
				<${Figure} name=${t('observe.average')} value=${ready ? duration(data.avg_provisioning_time_seconds) : '—'} hint=${hint(ready, 'observe.average.hint')} />
				<${Figure} name=${t('observe.p95')} value=${ready ? duration(data.p95_provisioning_time_seconds) : '—'} hint=${hint(ready, 'observe.average.hint')} />
			</dl>
		</section>`;
}

function Incidents() {
	const {data, error} = useLive('/incidents', {interval: SLOW_MS});
	return html`
		<section aria-labelledby="incidents-title">
			<h2 id="incidents-title">${t('observe.incidents')}</h2>
			${error && !data && html`<${ErrorCard} problem=${error} />`}
			${data?.length === 0 && html`<p class="muted">${t('observe.incidents.none')}</p>`}
			${data?.map((i) => html`
				<${ErrorCard} key=${i.id} level="h3" what=${`${i.kind}: ${i.object}`} why=${i.message} next=${i.next_step} code=${i.kind}>
					<span class="muted">${i.cluster} · ${t('observe.incidents.since')} <${Time} at=${i.opened_at} /> · ${t('observe.incidents.seen')} <${Time} at=${i.last_seen_at} /></span>
				<//>`)}
		</section>`;
}

export default function ObservabilityPage() {
	const asked = Number(route.value.query.get('hours')), hours = HOURS.includes(asked) ? asked : HOURS[0];
	usePage(t('observe.title'));
	return html`
		<div class="page observe">
			<h1 tabindex="-1">${t('observe.title')}</h1>
			<${Health} />
			<${Metrics} />
			<${History} hours=${hours} choices=${HOURS} />
			${me.value?.user?.platform_admin && html`<${Incidents} />`}
		</div>`;
}
