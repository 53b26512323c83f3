// Whether a name can be had, asked when typing pauses; an answer counts for the name it was asked for only.
import {useEffect, useState} from '../html.js';
import {get} from '../api.js';

const DEBOUNCE_MS = 200;
const NOTHING = {state: 'none', url: null, reason: ''};

function resultOf({available, reason, url}) {
	return available ? {state: 'free', url, reason: ''} : {state: 'refused', url: null, reason};
}

export function useNameCheck(name) {
	const [answer, setAnswer] = useState({name: '', result: NOTHING});
	useEffect(() => {
		if (!name) return undefined;
		const ended = new AbortController();
		const timer = setTimeout(() => {
			get(`/stores/name-check?${new URLSearchParams({name})}`, {signal: ended.signal}).then(
				({data}) => setAnswer({name, result: resultOf(data)}),
				() => ended.signal.aborted || setAnswer({name, result: {...NOTHING, state: 'unchecked'}}));
		}, DEBOUNCE_MS);
		return () => {
			clearTimeout(timer);
			ended.abort();
		};
	}, [name]);
	if (!name) return NOTHING;
	return answer.name === name ? answer.result : {...NOTHING, state: 'checking'};
}
