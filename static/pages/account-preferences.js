// How the dashboard looks and listens in this browser.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {prefs, setPref} from '../prefs.js';

const THEMES = ['auto', 'light', 'dark'];

export function Preferences() {
	const {theme, keys} = prefs.value;
	return html`
		<section class="card" aria-labelledby="prefs-title">
			<h2 id="prefs-title">${t('account.prefs.title')}</h2>
			<fieldset class="themes">
				<legend>${t('account.theme')}</legend>
				<div class="row">${THEMES.map((name) => html`
					<label key=${name} class="option">
						<input type="radio" name="theme" checked=${theme === name} onChange=${() => setPref('theme', name)} /> ${t(`account.theme.${name}`)}
					</label>`)}</div>
			</fieldset>
			<label class="option">
				<input type="checkbox" checked=${keys} aria-describedby="keys-hint" onChange=${(e) => setPref('keys', e.target.checked)} /> ${t('account.keys')}
			</label>
			<p class="muted" id="keys-hint">${t('account.keys.hint')}</p>
		</section>`;
}
