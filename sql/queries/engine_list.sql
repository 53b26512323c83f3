-- The engines on offer in their own order (position in engine.yaml): the newest version of each, with its plans.
select e.name, e.version, e.title, e.description, e.default_plan,
	(select jsonb_agg(jsonb_build_object('name', p.name, 'title', p.title, 'description', p.description) order by p.position, p.name)
	 from plan p where (p.engine, p.engine_version) = (e.name, e.version)) as plans_json
from (select distinct on (name) * from engine order by name, loaded_at desc) e
order by coalesce((e.spec ->> 'position')::int, 500), e.name;
