-- The digest of an engine as it was loaded; none where its chart is not here or where another version was loaded after it, so
-- that it is loaded again and is the newest.
-- $1 name, $2 version
select e.chart_digest from engine e join chart c on (c.engine, c.engine_version) = (e.name, e.version)
where e.name = $1 and e.version = $2
	and not exists (select from engine later where later.name = e.name and later.loaded_at > e.loaded_at);
