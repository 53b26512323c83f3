// The changes a person can ask of a store: one at a time, refused where somebody else was faster.
import {useState} from '../html.js';
import {t} from '../i18n.js';
import {patch, post, Problem} from '../api.js';

const AT_ONCE = ['check', 'orders'];	// no new generation: nothing is applied that one could wait for

// 412: the wishes changed since this page read them. The page reads anew; the person decides again.
function explained(problem) {
	return problem.status === 412 ? new Problem({...problem, detail: t('store.stale')}) : problem;
}

// patch and post answer whether it was taken.
export function useChange(store, etag, refresh, onBegin) {
	const [busy, setBusy] = useState(false);
	const [bad, setBad] = useState({failed: null, problem: null});
	const run = async (kind, send) => {
		setBusy(true);
		setBad({failed: null, problem: null});
		try {
			const {data} = await send({headers: etag ? {'If-Match': etag} : {}});
			if (!AT_ONCE.includes(kind)) onBegin(kind, data.generation);
			return true;
		} catch (problem) {
			setBad({failed: kind, problem: explained(problem)});
			return false;
		} finally {
			setBusy(false);
			refresh();
		}
	};
	return {
		busy, ...bad,
		patch: (kind, body) => run(kind, (options) => patch(`/stores/${store.id}`, body, options)),
		post: (kind, path) => run(kind, (options) => post(path, undefined, options)),
	};
}
