-- The tenant's audit log, newest first. null where it does not matter: $1 actor, $2 beginning of the action, $3 resource, $4 text
-- anywhere, $5 and $6 from and until (Unix milliseconds), $7 only before this id; $8 limit
select id as id_int, action, resource_type, resource_id, host(ip) as ip_address,
	to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as created_at, details as metadata__json,
	actor, request_id, seq as seq_int, encode(hash, 'hex') as hash
from audit_log
where not starts_with(action, 'activity.')
	and ($1::text is null or actor in ($1, 'user:' || lower($1))) and ($2::text is null or starts_with(action, $2))
	and ($3::text is null or resource_id = $3)
	and ($4::text is null or position(lower($4) in lower(concat_ws(' ', actor, action, resource_type, resource_id, details::text))) > 0)
	and ($5::bigint is null or at >= to_timestamp($5 / 1000.0)) and ($6::bigint is null or at < to_timestamp($6 / 1000.0))
	and ($7::bigint is null or id < $7)
order by id desc limit $8;
