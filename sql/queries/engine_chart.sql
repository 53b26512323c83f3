-- The chart of a store's version in base64, null where none was loaded; no row when the version is another by now.
-- $1 store, $2 digest of the version that is to be applied
select e.name, e.version, translate(encode(c.archive, 'base64'), E'\n', '') as archive
from store s join engine e on (e.name, e.version) = (s.engine, s.engine_version)
	left join chart c on (c.engine, c.engine_version) = (e.name, e.version)
where s.id = $1 and e.chart_digest = $2;
