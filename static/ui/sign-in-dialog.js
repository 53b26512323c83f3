// The session ended in the middle of work: sign in over the page, which keeps what was typed.
import {html} from '../html.js';
import {me, forget} from '../session.js';
import {t} from '../i18n.js';
import {Dialog} from './dialog.js';
import {SignInForm} from './sign-in-form.js';

export default function SignInDialog() {
	return html`<${Dialog} title=${t('session.ended')} closable=${false}>
		<p>${t('session.ended.text')}</p>
		<${SignInForm} email=${me.value?.user?.email} tenant=${me.value?.tenant?.name}/>
		<footer><button type="button" class="quiet" onClick=${forget}>${t('session.leave')}</button></footer>
	<//>`;
}
