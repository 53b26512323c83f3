-- The chart of an engine's version, new or in place of the one it had.
-- $1 engine, $2 version, $3 archive in base64
insert into chart (engine, engine_version, archive) values ($1, $2, decode($3, 'base64'))
on conflict (engine, engine_version) do update set archive = excluded.archive;
