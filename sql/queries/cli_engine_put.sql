-- An engine's version, new or changed; now it is the newest of its name.
-- $1 name, $2 version, $3 title, $4 description, $5 default plan, $6 spec, $7 digest of engine.yaml and chart
insert into engine (name, version, title, description, default_plan, spec, chart_digest)
values ($1, $2, $3, $4, $5, $6::jsonb, $7)
on conflict (name, version) do update set title = excluded.title, description = excluded.description,
	default_plan = excluded.default_plan, spec = excluded.spec, chart_digest = excluded.chart_digest, loaded_at = now();
