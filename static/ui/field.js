// A labelled input with its hint and its error, and the list of a form's errors.
import {html, useEffect, useId, useRef} from '../html.js';
import {t} from '../i18n.js';

// as: 'input' (default), 'select' or 'textarea'; children are a select's options. note: shown below, for example a check's result.
export function Field({label, hint, error, note, as = 'input', id, children, ...input}) {
	const made = useId();
	const own = id ?? made;
	const by = [hint && `${own}-hint`, error && `${own}-error`, note !== undefined && `${own}-note`].filter(Boolean).join(' ');
	return html`<div class="field" data-wrong=${error ? '' : undefined}>
		<label for=${own}>${label}</label>
		${hint && html`<p class="hint" id="${own}-hint">${hint}</p>`}
		<${as} id=${own} aria-describedby=${by || undefined} aria-invalid=${error ? 'true' : undefined} ...${input}>${children}<//>
		${error && html`<p class="wrong" id="${own}-error"><span class="shape" aria-hidden="true">✕</span> ${error}</p>`}
		${note !== undefined && html`<p class="note" id="${own}-note" role="status">${note}</p>`}
	</div>`;
}

// errors: [{id, text}]; takes the focus when it comes, each line leads to its field.
export function ErrorSummary({title, errors, children}) {
	const box = useRef(null);
	useEffect(() => {
		if (errors.length > 0) box.current?.focus();
	}, [errors]);
	if (errors.length === 0) return null;
	const lead = (event, id) => {
		event.preventDefault();
		document.getElementById(id)?.focus();
	};
	return html`<div class="summary" role="alert" tabindex="-1" ref=${box}>
		<h2>${title ?? t('form.errors', {n: errors.length})}</h2>
		<ul>${errors.map(({id, text}) => html`<li>${id
			? html`<a href="#${id}" onClick=${(event) => lead(event, id)}>${text}</a>` : text}</li>`)}</ul>
		${children}
	</div>`;
}
