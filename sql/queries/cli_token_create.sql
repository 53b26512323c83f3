-- A token of a member. No row when the user is no member of that tenant.
-- $1 tenant's name, $2 e-mail address, $3 name of the token, $4 SHA-256 of it, $5 days until it expires or null
insert into api_token (tenant_id, user_id, name, hash, expires_at)
select m.tenant_id, m.user_id, $3, $4, now() + make_interval(days => $5::integer)
from membership m join tenant t on t.id = m.tenant_id join app_user u on u.id = m.user_id
where t.name = $1 and u.email = lower($2)
returning id;
