-- Takes away plans that engine.yaml has no longer; one that a store has cannot go.
-- $1 engine, $2 version, $3 JSON array of the plans' names that stay
delete from plan where engine = $1 and engine_version = $2
	and name not in (select jsonb_array_elements_text($3::jsonb));
