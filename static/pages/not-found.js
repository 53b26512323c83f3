// An address that leads nowhere, and the way back.
import {html} from '../html.js';
import {usePage} from '../router.js';
import {t} from '../i18n.js';

export default function NotFoundPage() {
	usePage(t('notfound.title'));
	return html`
		<div class="page">
			<h1 tabindex="-1">${t('notfound.title')}</h1>
			<p>${t('notfound.text')}</p>
			<p><code>${decodeURIComponentSafely(location.hash)}</code></p>
			<p><a class="button" href="#/stores">${t('notfound.back')}</a></p>
		</div>`;
}

function decodeURIComponentSafely(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
