-- Who may see and change what. Row-level security is forced: it binds the owner too, by a policy of its own.

do $$
declare
	t record;
begin
	for t in select tablename from pg_tables where schemaname = 'storeward' and tablename <> 'schema_migration' loop
		execute format('alter table storeward.%I enable row level security', t.tablename);
		execute format('alter table storeward.%I force row level security', t.tablename);
		execute format('create policy owner_all on storeward.%I to storeward_owner using (true) with check (true)', t.tablename);
	end loop;
	-- Tables with a tenant: the API sees its own tenant's rows, the reconciler all.
	for t in select unnest(array['store', 'store_status', 'store_event', 'store_volume', 'tombstone', 'audit_log', 'membership', 'api_token']) as tablename loop
		execute format('create policy api_tenant on storeward.%I to storeward_api using (tenant_id = storeward.current_tenant()) with check (tenant_id = storeward.current_tenant())', t.tablename);
		execute format('grant select on storeward.%I to storeward_api', t.tablename);
	end loop;
	-- What every tenant may know.
	for t in select unnest(array['installation', 'engine', 'plan', 'cluster', 'reconcile_pass']) as tablename loop
		execute format('create policy api_read on storeward.%I for select to storeward_api using (true)', t.tablename);
		execute format('grant select on storeward.%I to storeward_api', t.tablename);
	end loop;
	for t in select unnest(array['installation', 'engine', 'plan', 'cluster', 'store', 'store_status', 'store_event',
	    'store_volume', 'tombstone', 'shard_lease', 'reconcile_pass', 'incident']) as tablename loop
		execute format('create policy reconcile_all on storeward.%I to storeward_reconcile using (true) with check (true)', t.tablename);
		execute format('grant select on storeward.%I to storeward_reconcile', t.tablename);
	end loop;
end $$;
create policy api_tenant on storeward.tenant for select to storeward_api using (id = storeward.current_tenant());
grant select on storeward.tenant to storeward_api;
create policy api_tenant on storeward.app_user for select to storeward_api
	using (id in (select user_id from storeward.membership where tenant_id = storeward.current_tenant()));
grant select (id, email, platform_admin, created_at) on storeward.app_user to storeward_api;

grant usage on schema storeward to storeward_api, storeward_reconcile, storeward_auth;

-- The API writes wishes.
revoke select on storeward.api_token from storeward_api;
grant select (id, tenant_id, user_id, name, created_at, expires_at, revoked_at, last_used_at) on storeward.api_token to storeward_api;
grant insert (id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, deletion_policy, overrides, created_by) on storeward.store to storeward_api;
grant update (desired, engine_version, plan, deletion_policy, overrides, retries) on storeward.store to storeward_api;

-- The reconciler writes what it saw; it may remove a store's row, which a trigger allows only after its tombstone.
grant update on storeward.store_status to storeward_reconcile;
grant insert on storeward.store_event, storeward.tombstone to storeward_reconcile;
grant insert, update on storeward.store_volume, storeward.shard_lease, storeward.reconcile_pass, storeward.incident to storeward_reconcile;
grant update (uid, api_url) on storeward.cluster to storeward_reconcile;
grant delete on storeward.store, storeward.reconcile_pass to storeward_reconcile;

-- Sign-in must see across tenants: one function, owned by a role that can do nothing else.
create policy auth_read on storeward.api_token for select to storeward_auth using (true);
create policy auth_touch on storeward.api_token for update to storeward_auth using (true) with check (true);
create policy auth_read on storeward.membership for select to storeward_auth using (true);
create policy auth_read on storeward.app_user for select to storeward_auth using (true);
grant select on storeward.api_token, storeward.membership to storeward_auth;
grant select (id, email) on storeward.app_user to storeward_auth;
grant update (last_used_at) on storeward.api_token to storeward_auth;

-- Whose token this is; sets the tenant and the actor for the rest of the transaction.
create function storeward.authenticate(token_hash bytea, ip text, request_id text)
returns table (token_id uuid, tenant_id uuid, user_id uuid, email text, role text)
language plpgsql security definer set search_path = storeward, pg_temp as $$
#variable_conflict use_column
declare
	stale boolean;
begin
	select t.id, t.tenant_id, t.user_id, u.email, m.role, t.last_used_at is null or t.last_used_at < now() - interval '5 minutes'
	into token_id, tenant_id, user_id, email, role, stale
	from api_token t join membership m on (m.tenant_id, m.user_id) = (t.tenant_id, t.user_id) join app_user u on u.id = t.user_id
	where t.hash = token_hash and t.revoked_at is null and (t.expires_at is null or t.expires_at > now());
	if not found then
		raise exception 'The token is unknown, expired or revoked.' using errcode = 'SW401', constraint = 'token_invalid';
	end if;
	if stale then
		update api_token set last_used_at = now() where id = token_id and (last_used_at is null or last_used_at < now() - interval '5 minutes');
	end if;
	perform set_config('storeward.tenant', tenant_id::text, true), set_config('storeward.actor', 'user:' || email, true),
		set_config('storeward.ip', coalesce(ip, ''), true), set_config('storeward.request_id', coalesce(request_id, ''), true);
	return next;
end $$;
revoke execute on function storeward.authenticate from public;
grant execute on function storeward.authenticate to storeward_api;
grant create on schema storeward to storeward_auth;	-- an owner needs it at the moment of the change only
alter function storeward.authenticate owner to storeward_auth;
revoke create on schema storeward from storeward_auth;
