// Seconds still to wait, counting down: [left, wait(seconds)].
import {useEffect, useState} from '../html.js';

export function useCountdown() {
	const [until, setUntil] = useState(0);
	const [, draw] = useState(0);
	const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
	useEffect(() => {
		if (left <= 0) return undefined;
		const timer = setTimeout(() => draw((n) => n + 1), 250);
		return () => clearTimeout(timer);
	});
	return [left, (seconds) => setUntil(performance.now() + seconds * 1000)];
}
