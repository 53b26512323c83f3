// What the keyboard can do.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {prefs} from '../prefs.js';
import {SHORTCUTS} from '../keys.js';
import {Dialog} from './dialog.js';

const between = ({either, held}) => held ? ' + ' : either ? ' / ' : ` ${t('keys.then')} `;

export default function KeysHelp({onClose}) {
	return html`<${Dialog} title=${t('keys.title')} onClose=${onClose}>
		<dl class="facts keys">
			${SHORTCUTS.map((one) => html`
				<dt key=${one.text}>${one.keys.map((key, i) => html`${i > 0 && between(one)}<kbd>${key}</kbd>`)}</dt>
				<dd>${t(one.text)}</dd>`)}
		</dl>
		<p class="muted">${t(prefs.value.keys ? 'keys.note' : 'keys.off')}</p>
	<//>`;
}
