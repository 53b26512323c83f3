-- The engines that were loaded, the newest version of each first.
select e.name, e.version, e.title, e.default_plan,
	(select string_agg(p.name, ' ' order by p.position) from plan p where (p.engine, p.engine_version) = (e.name, e.version)) as plans,
	(select count(*) from store s where (s.engine, s.engine_version) = (e.name, e.version)) as stores_int,
	left(e.chart_digest, 12) as digest, date_trunc('second', e.loaded_at) as loaded_at
from engine e order by e.name, e.loaded_at desc;
