-- Who asks, for which tenant, and which others there are to choose from: with a token, none.
select json_build_object('id', u.id, 'email', u.email, 'platform_admin', u.platform_admin) as user_json,
	(select json_build_object('id', t.id, 'name', t.name, 'max_stores', t.max_stores,
		'stores', (select count(*) from store where tenant_id = current_tenant()), 'max_creates_per_minute', t.max_creates_per_minute)
	from tenant t where t.id = current_tenant()) as tenant_json,
	r.role,
	(select coalesce(json_agg(json_build_object('id', id, 'name', name, 'role', case when id = current_tenant() then r.role else role end) order by name), '[]')
	from my_tenants() where setting('session') is not null or id = current_tenant()) as tenants_json,
	(select json_build_object('id', id, 'expires_at', wire_time(expires_at)) from my_sessions() where current) as session_json
from me() u, lateral (
	select case when u.platform_admin and setting('session') is not null then 'owner'
		else (select role from membership where (tenant_id, user_id) = (current_tenant(), u.id)) end as role
) r;
