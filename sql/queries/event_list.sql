-- The newest events of a store, oldest first. $1 store, $2 only before this id or null, $3 only after this id, $4 limit
select id as id_int, at, type, reason, message, details_json from (
	select id, wire_time(at) as at, type, reason, message, details as details_json
	from store_event where store_id = $1 and ($2::bigint is null or id < $2) and id > $3
	order by id desc limit $4
) newest order by id;
