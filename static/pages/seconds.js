// Draws again every second while something on the page counts.
import {useEffect, useState} from '../html.js';

export function useSeconds(active) {
	const [, draw] = useState(0);

	useEffect(() => {
		if (!active) return undefined;
		const timer = setInterval(() => draw((n) => n + 1), 1000);
		return () => clearInterval(timer);
	}, [active]);
}
