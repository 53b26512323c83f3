-- Why store_create made no row: what to say of which member. $1 engine, $2 plan or null
with newest as (select distinct on (name) * from engine order by name, loaded_at desc),
	wanted as (select * from newest where name = $1)
select '/engine' as pointer, 'must be one of: ' || coalesce((select string_agg(name, ', ' order by name) from newest), 'none is loaded') as detail
where not exists (select from wanted)
union all
select '/plan', 'must be one of: ' || (select string_agg(p.name, ', ' order by p.position, p.name) from plan p
	where (p.engine, p.engine_version) = (w.name, w.version))
from wanted w
where $2::text is not null and not exists (select from plan p where (p.engine, p.engine_version, p.name) = (w.name, w.version, $2));
