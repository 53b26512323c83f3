// E-mail and password; used by the page and by the dialog over a page whose session has ended.
import {html, useId, useRef, useState} from '../html.js';
import {signIn} from '../session.js';
import {t, known} from '../i18n.js';
import {useCountdown} from './countdown.js';
import {Field} from './field.js';

export function SignInForm({email: known_email = '', tenant}) {
	const [email, setEmail] = useState(known_email);
	const [password, setPassword] = useState('');
	const [shown, setShown] = useState(false);
	const [busy, setBusy] = useState(false);
	const [tried, setTried] = useState(false);
	const [problem, setProblem] = useState(null);
	const [left, wait] = useCountdown();
	const form = useRef(null);
	const id = useId();
	const missing = {email: tried && !email.trim(), password: tried && !password};

	const submit = async (event) => {
		event.preventDefault();
		setTried(true);
		if (!email.trim() || !password) {
			form.current.querySelector(email.trim() ? '[type=password], [name=password]' : '[name=email]').focus();
			return;
		}
		if (busy || left > 0) return;
		setBusy(true);
		setProblem(null);
		try {
			await signIn(email.trim(), password, tenant);
		} catch (failed) {
			setProblem(failed);
			setBusy(false);
			if (failed.retryAfter && failed.status === 429) wait(failed.retryAfter);
			if (failed.status === 401) form.current?.querySelector('[name=password]').select();
		}
	};

	return html`<form ref=${form} onSubmit=${submit} novalidate aria-labelledby="${id}-title">
		${problem && html`<div class="summary" role="alert">
			<h2 id="${id}-title">${t('signin.failed')}</h2>
			<p>${sentence(problem, left)}</p>
		</div>`}
		<${Field} label=${t('signin.email')} name="email" type="email" inputmode="email" autocomplete="username" autocapitalize="off"
			spellcheck=${false} required value=${email} onInput=${(e) => setEmail(e.target.value)}
			error=${missing.email && t('signin.email.missing')} autofocus=${!known_email}/>
		<${Field} label=${t('signin.password')} name="password" type=${shown ? 'text' : 'password'} autocomplete="current-password" autocapitalize="off"
			spellcheck=${false} required value=${password} onInput=${(e) => setPassword(e.target.value)}
			error=${missing.password && t('signin.password.missing')} autofocus=${Boolean(known_email)}/>
		<label class="row check"><input type="checkbox" checked=${shown} onChange=${(e) => setShown(e.target.checked)}/> ${t('signin.show')}</label>
		<button class="primary" disabled=${busy || left > 0}>${t(busy ? 'signin.busy' : 'signin.do')}</button>
	</form>`;
}

function sentence(problem, left) {
	if (problem.status === 429) return left > 0 ? t('signin.wait', {n: left}) : t('signin.ready');
	return known(`signin.code.${problem.code}`) ? t(`signin.code.${problem.code}`) : problem.detail;
}
