// What became of a look at the shop that a person asked for: only one since then is an answer.
import {now} from '../api.js';

const MOST_MS = 10 * 60000;	// after that no answer is to be expected

// When the shop was last tried: that a change has yet to be tried (NotVerified) is no answer.
export const triedAt = (verified) => verified?.at ?? (verified?.reason === 'NotVerified' ? undefined : verified?.since);

export function stateOf(asked, verified) {
	if (!asked) return null;
	if (Date.parse(triedAt(verified)) >= Date.parse(asked)) return verified.status;
	return now() - Date.parse(asked) < MOST_MS ? 'running' : 'silent';
}
