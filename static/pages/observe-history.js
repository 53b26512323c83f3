// What happened over time: a chart, its time range in the URL, and the same numbers as a table.
import {html, useEffect, useRef, useState} from '../html.js';
import {t} from '../i18n.js';
import {useLive} from '../live.js';
import {duration, number} from '../format.js';
import {ErrorCard} from '../ui/error-card.js';
import {Skeleton} from '../ui/parts.js';

const SLOW_MS = 15000;
const COUNTS = ['created', 'ready', 'failed', 'purged'];

const when = (iso, bucket) => new Intl.DateTimeFormat(undefined, bucket < 86400
	? {dateStyle: 'short', timeStyle: 'short'} : {dateStyle: 'medium'}).format(new Date(iso));

function Ranges({hours, choices}) {
	return html`
		<nav class="segments" aria-label=${t('observe.range')}>
			${choices.map((h) => html`<a key=${h} href=${`#/observability?hours=${h}`} aria-current=${h === hours ? 'true' : undefined}>${t(`observe.hours.${h}`)}</a>`)}
		</nav>`;
}

// uPlot comes only when there is something to draw.
function Chart({data}) {
	const box = useRef(null), chart = useRef(null);
	const [problem, setProblem] = useState(false);

	useEffect(() => {
		let gone = false;
		import('./observe-chart.js').then(({draw}) => {
			if (!gone) chart.current = draw(box.current, data);
		}, () => setProblem(true));
		return () => {
			gone = true;
			chart.current?.remove();
			chart.current = null;
		};
	}, [data.hours]);
	useEffect(() => chart.current?.show(data), [data]);
	return html`
		<div class="chart" ref=${box} role="img" aria-label=${t('observe.chart.label')}></div>
		${problem && html`<p class="note">${t('observe.chart.away')}</p>`}`;
}

function Table({data}) {
	return html`
		<div class="scroll" tabindex="0" role="region" aria-label=${t('observe.table')}>
			<table class="numbers">
				<thead><tr>
					<th scope="col">${t('observe.from')}</th>
					${COUNTS.map((c) => html`<th scope="col" class="num">${t(`observe.series.${c}`)}</th>`)}
					<th scope="col" class="num">${t('observe.average')}</th>
				</tr></thead>
				<tbody>${data.points.map((p) => html`
					<tr key=${p.at}>
						<th scope="row">${when(p.at, data.bucket_seconds)}</th>
						${COUNTS.map((c) => html`<td class="num">${number(p[c])}</td>`)}
						<td class="num">${p.avg_provisioning_seconds == null ? '—' : duration(p.avg_provisioning_seconds)}</td>
					</tr>`)}</tbody>
			</table>
		</div>`;
}

export function History({hours, choices}) {
	const {data, error} = useLive(`/observability/history?hours=${hours}`, {interval: SLOW_MS});
	const nothing = data?.points.every((p) => COUNTS.every((c) => p[c] === 0));
	return html`
		<section aria-labelledby="history-title">
			<div class="row apart"><h2 id="history-title">${t('observe.history')}</h2><${Ranges} hours=${hours} choices=${choices} /></div>
			${!data && (error ? html`<${ErrorCard} problem=${error} />` : html`<${Skeleton} />`)}
			${data && html`
				<div class="card">
					${nothing ? html`<p class="muted">${t('observe.history.none')}</p>` : html`<${Chart} key=${hours} data=${data} />`}
					<details><summary>${t('observe.show')}</summary><${Table} data=${data} /></details>
				</div>`}
		</section>`;
}
