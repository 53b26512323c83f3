-- The newest events of a store in the form of the API that this one continues, oldest first. $1 store, $2 limit
select null as user_id, 'store' as resource_type, 'activity.' || lower(regexp_replace(reason, '(?<=[a-z])(?=[A-Z])', '_', 'g')) as action,
	store_id as resource_id, details || jsonb_build_object('type', type, 'reason', reason, 'message', message) as metadata__json,
	null as store_id, id as id_int, null as ip_address, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') as created_at
from (select * from store_event where store_id = $1 order by id desc limit $2) newest order by id;
