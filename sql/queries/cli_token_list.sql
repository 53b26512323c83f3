-- The tokens of all tenants, without anything secret.
select k.id, t.name as tenant, u.email as "user", k.name,
	case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'expired' else 'valid' end as state,
	date_trunc('second', k.expires_at) as expires_at, date_trunc('second', k.last_used_at) as last_used_at
from api_token k join tenant t on t.id = k.tenant_id join app_user u on u.id = k.user_id
order by t.name, k.created_at;
