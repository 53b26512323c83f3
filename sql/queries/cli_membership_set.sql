-- A user's role in a tenant. No row when there is no such tenant.
-- $1 e-mail address, $2 tenant's name, $3 role
insert into membership (tenant_id, user_id, role)
select t.id, u.id, $3 from tenant t, app_user u where u.email = lower($1) and t.name = $2
on conflict (tenant_id, user_id) do update set role = excluded.role
returning role;
