// A new password. The server judges it; its words stand at the field they are about.
import {html, useId, useState} from '../html.js';
import {t} from '../i18n.js';
import {post} from '../api.js';
import {me} from '../session.js';
import {ErrorCard} from '../ui/error-card.js';
import {Field} from '../ui/field.js';
import {toast} from '../ui/parts.js';

const SHORTEST = 12;
const EMPTY = {current: '', password: ''};

// Errors by field; what names no field is the form's.
function sort(problem) {
	const at = (name) => problem.at?.(`/${name}`) || '';
	const fields = {current: at('current'), password: at('password')};
	return fields.current || fields.password ? {...fields, form: null} : {...fields, form: problem};
}

export function Password() {
	const [values, setValues] = useState(EMPTY);
	const [errors, setErrors] = useState({current: '', password: '', form: null});
	const [busy, setBusy] = useState(false);
	const ids = {current: useId(), password: useId()};
	const show = (found) => {
		setErrors(found);
		const first = ['current', 'password'].find((name) => found[name]);
		if (first) document.getElementById(ids[first]).focus();
	};
	const submit = async (event) => {
		event.preventDefault();
		if (!values.current) return show({current: t('account.password.missing'), password: '', form: null});
		if ([...values.password].length < SHORTEST) return show({current: '', password: t('account.password.short'), form: null});
		setBusy(true);
		try {
			await post('/me/password', values);
			setValues(EMPTY);
			show({...EMPTY, form: null});
			toast(t('account.password.done'));
		} catch (problem) {
			show(sort(problem));
		}
		setBusy(false);
	};
	const field = (name, autocomplete, hint) => html`
		<${Field} id=${ids[name]} label=${t(`account.password.${name}`)} type="password" autocomplete=${autocomplete} hint=${hint} error=${errors[name]}
			value=${values[name]} maxlength="128" onInput=${(e) => setValues({...values, [name]: e.target.value})} />`;
	return html`
		<section class="card" aria-labelledby="password-title">
			<h2 id="password-title">${t('account.password.title')}</h2>
			<form class="narrow" onSubmit=${submit} novalidate>
				<input class="sr-only" type="text" autocomplete="username" value=${me.value.user.email} readonly tabindex="-1" aria-hidden="true" />
				${errors.form && html`<${ErrorCard} problem=${errors.form} />`}
				${field('current', 'current-password')}
				${field('password', 'new-password', t('account.password.hint'))}
				<p class="muted">${t('account.password.ends')}</p>
				<div class="row"><button disabled=${busy}>${t('account.password.do')}</button></div>
			</form>
		</section>`;
}
