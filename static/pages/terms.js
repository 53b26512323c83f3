// Words for codes that the server sends. What has no word yet is shown as it came: better raw than missing.
import {known, t} from '../i18n.js';

export function term(group, code, raw = code) {
	const key = `${group}.${code}`;
	return known(key) ? t(key) : String(raw);
}
