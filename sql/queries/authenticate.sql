-- Whose token this is, and whether its role is enough: the first step of every request's transaction.
-- Where the role is too low the tenant is taken away again, so that the steps after it see and change nothing.
-- $1 SHA-256 of the token, $2 client's address, $3 request id, $4 role needed
select role, allowed,
	set_config('storeward.tenant', case when allowed then tenant_id::text else '' end, true) as tenant,
	set_config('storeward.user', user_id::text, true) as user_id
from (
	select a.*, coalesce(array_position(ranks, a.role) >= array_position(ranks, $4), false) as allowed
	from authenticate($1, $2, $3) a, (values (array['viewer', 'operator', 'admin', 'owner'])) as r(ranks)
) as who;
