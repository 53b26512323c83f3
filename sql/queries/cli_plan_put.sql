-- A plan of an engine's version, new or changed.
-- $1 engine, $2 version, $3 plan, $4 title, $5 description, $6 values, $7 position in engine.yaml
insert into plan (engine, engine_version, name, title, description, values, position)
values ($1, $2, $3, $4, $5, $6::jsonb, $7::integer)
on conflict (engine, engine_version, name) do update set title = excluded.title,
	description = excluded.description, values = excluded.values, position = excluded.position;
