// The one place that names the libraries: everything else imports them from here. And what loads a part when it is shown.
import kit from './vendor/kit-11.2.0-1.14.5-2.11.4-3.1.1/kit.js';
import {more, t} from './i18n.js';

export const {h, render, Fragment} = kit['preact'];
export const {useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback, useId} = kit['preact/hooks'];
export const {signal, computed, effect, batch} = kit['@preact/signals-core'];
export const {useSignal, useComputed} = kit['@preact/signals'];
export const html = kit['htm'].bind(h);

// A component whose file is loaded when it is first shown; load gives the module or the component.
export function lazy(load) {
	let found = null;
	return function Lazy(props) {
		const [state, set] = useState({Part: found});
		useEffect(() => {
			if (state.Part) return;
			load().then((module) => {
				found = module.default ?? module;
				set({Part: found});
			}, (error) => set({Part: null, error}));
		}, []);
		if (state.error) {
			return html`<div class="empty" role="alert">
				<h2>${t('app.module')}</h2>
				<p>${t('next.offline')}</p>
				<button type="button" onClick=${() => location.reload()}>${t('app.reload')}</button>
			</div>`;
		}
		return state.Part && html`<${state.Part} ...${props}/>`;
	};
}

// The same with the texts and the looks that the first page does without.
const looks = () => import('./styles.js').then(({styles}) => styles('more.css'));
export const later = (load) => lazy(() => Promise.all([load(), more(), looks()]).then(([module]) => module));
