-- How many incidents of a cluster are open; whether one of a kind is open, or was settled within the last hour. $1 cluster, $2 kind
select count(*) filter (where settled_at is null) as open,
	coalesce(bool_or(kind = $2 and settled_at is null), false) as is_open,
	coalesce(bool_or(kind = $2 and settled_at > now() - interval '1 hour'), false) as is_settled
from incident where cluster_id = $1;
