// A modal <dialog>: Esc and the close button call onClose; the focus goes back to where it was.
import {html, useLayoutEffect, useRef, useId} from '../html.js';
import {t} from '../i18n.js';

export function Dialog({title, children, onClose, wide = false, closable = true}) {
	const box = useRef(null);
	const id = useId();
	// Closing before it goes lets the browser give the focus back: what is behind an open one takes none.
	useLayoutEffect(() => {
		const own = box.current;
		own.showModal();
		(own.querySelector('[autofocus]') ?? own.querySelector('input, select, textarea'))?.focus();
		return () => own.close();
	}, []);
	const cancel = (event) => {
		event.preventDefault();
		if (closable) onClose();
	};
	const backdrop = (event) => {
		if (closable && event.target === box.current) onClose();
	};
	return html`<dialog ref=${box} class=${wide ? 'wide' : ''} aria-labelledby=${id} onCancel=${cancel} onMouseDown=${backdrop}>
		<div class="dialog">
			<header>
				<h2 id=${id}>${title}</h2>
				${closable && html`<button type="button" class="quiet icon" aria-label=${t('dialog.close')} onClick=${onClose}>✕</button>`}
			</header>
			${children}
		</div>
	</dialog>`;
}
