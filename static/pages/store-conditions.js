// What was found out about a store, each answer with its age; what is not as it should be stands out, whatever the rest says.
import {html} from '../html.js';
import {known, t} from '../i18n.js';
import {Time} from '../ui/parts.js';
import {term} from './terms.js';

const MARKS = {True: '●', False: '▲', Unknown: '?'};
const IN_COURSE = ['InProgress', 'NotVerified', 'Provisioning', 'Suspended', 'Deleting'];	// reasons of a No that ask for nothing
const BAD_NEWS = ['DataLost'];	// of everything else it is good news that it is so

export const condition = (store, type) => store.conditions?.find((c) => c.type === type);
export const troubling = ({type, status, reason}) => status === (BAD_NEWS.includes(type) ? 'True' : 'False') && !IN_COURSE.includes(reason);
// A change that does not fit leaves the shop as it was.
export const refused = (store) => condition(store, 'Admitted')?.status === 'False';

// Engines have conditions of their own: ScheduledActions is read as "Scheduled actions".
const words = (type) => type.replace(/\B[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`);

function lookOf(of) {
	if (of.type === 'Deleting') return {mark: '◌', look: 'is-unknown'};
	if (troubling(of)) return {mark: MARKS.False, look: 'is-false is-trouble'};
	return {mark: MARKS[of.status] ?? MARKS.Unknown, look: `is-${of.status.toLowerCase()}`};
}

const Age = ({of}) => of.at ? html`${t('store.checked')} <${Time} at=${of.at} />` : html`${t('store.since')} <${Time} at=${of.since} />`;

// said: a sentence that stands in the error card above and is not said twice.
function Condition({of, said}) {
	const {mark, look} = lookOf(of);
	const answer = known(`store.answer.${of.status}`) ? of.status : 'Unknown';
	return html`
		<li class=${`condition ${look}`}>
			<span class="shape" aria-hidden="true">${mark}</span>
			<span>
				<strong>${term('store.condition', of.type, words(of.type))}</strong>: ${t(`store.answer.${answer}`)}
				<small class="muted">${of.reason && of.status !== 'True' ? `${of.reason} · ` : ''}<${Age} of=${of} /></small>
				${of.message && of.message !== said && html`<small class="muted" dir="auto">${of.message}</small>`}
			</span>
		</li>`;
}

export function Conditions({store, said}) {
	if (!store.conditions?.length) return html`<p class="muted">${t('store.health.nothing')}</p>`;
	return html`<ul class="conditions">${store.conditions.map((c) => html`<${Condition} key=${c.type} of=${c} said=${said} />`)}</ul>`;
}
