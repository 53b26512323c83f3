// Sign in. The URL stays what it was, so that one arrives where one wanted to go.
import {html} from '../html.js';
import {t} from '../i18n.js';
import {usePage} from '../router.js';
import {Logo} from '../ui/parts.js';
import {SignInForm} from '../ui/sign-in-form.js';

export default function SignIn() {
	usePage(t('signin.title'));
	return html`<main class="sign-in">
		<div class="card">
			<p class="brand"><${Logo}/> ${t('app.name')}</p>
			<h1 tabindex="-1">${t('signin.title')}</h1>
			<p class="muted">${t('signin.lead')}</p>
			<${SignInForm}/>
		</div>
	</main>`;
}
