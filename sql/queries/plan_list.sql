-- The plans of each engine's newest version, in the order of its engine.yaml.
select p.engine, p.engine_version, p.name, p.title, p.description, p.name = e.default_plan as default_bool
from (select distinct on (name) * from engine order by name, loaded_at desc) e
	join plan p on (p.engine, p.engine_version) = (e.name, e.version)
order by p.engine, p.position, p.name;
