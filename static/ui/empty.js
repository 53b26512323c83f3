// Nothing to show: what would be here, and what to do about it.
import {html} from '../html.js';

export function Empty({title, text, children}) {
	return html`<div class="empty">
		<h2>${title}</h2>
		${text && html`<p>${text}</p>`}
		${children && html`<div class="actions">${children}</div>`}
	</div>`;
}
