-- What people wish for their stores, one function each: checked and made in one transaction, and a refusal says why in words
-- for a person (class SW; the constraint is the API's code, the column the member). They run with the rights of who calls.
-- Without a tenant, that is when admit() refused, they do nothing.

-- One list for the table's constraint and for who asks before.
create function storeward.name_reserved(name text) returns boolean
language sql immutable as $$ select name in ('api', 'dashboard', 'www') $$;
alter table storeward.store drop constraint store_name_reserved, add constraint store_name_reserved check (not storeward.name_reserved(name));

-- Names are unique over all tenants, and a tenant sees only its own.
create policy auth_read on storeward.store for select to storeward_auth using (true);
grant select (name, base_domain) on storeward.store to storeward_auth;
create function storeward.name_taken(domain text, wanted text) returns boolean
language sql stable security definer set search_path = storeward, pg_temp as $$
	select exists (select from store where base_domain = domain and name = wanted)
$$;
revoke execute on function storeward.name_taken from public;
grant execute on function storeward.name_taken to storeward_api;
grant create on schema storeward to storeward_auth;	-- an owner needs it at the moment of the change only
alter function storeward.name_taken owner to storeward_auth;
revoke create on schema storeward from storeward_auth;

-- Where a new store goes: the active cluster with the fewest stores. How many one has is taken from the reconciler's last
-- pass, as the API sees one tenant only; store_before_insert() has the last word.
create function storeward.cluster_for_new() returns setof storeward.cluster
language sql stable rows 1 set search_path = storeward, pg_temp as $$
	select c.* from cluster c left join lateral (
		select stores from reconcile_pass where cluster_id = c.id and finished_at is not null order by id desc limit 1
	) last on true
	where c.state = 'active' and c.max_stores > coalesce(last.stores, 0)
	order by coalesce(last.stores, 0), c.created_at limit 1
$$;

create function storeward.check_plan(of_engine text, of_version text, wanted text) returns void
language plpgsql stable set search_path = storeward, pg_temp as $$
begin
	if not exists (select from plan where (engine, engine_version, name) = (of_engine, of_version, wanted)) then
		raise exception 'The plan must be one of: %.', (select string_agg(name, ', ' order by position, name) from plan where (engine, engine_version) = (of_engine, of_version))
			using errcode = 'SW422', constraint = 'invalid', column = 'plan';
	end if;
end $$;

-- The first request with a key makes the store; the same one sent again within a day finds it. Returns whether to make it.
create function storeward.first_request(idempotency_key text, request bytea, new_id uuid) returns boolean
language plpgsql set search_path = storeward, pg_temp as $$
declare
	was idempotency_key;
begin
	delete from idempotency_key where created_at < now() - interval '1 day';
	insert into idempotency_key (tenant_id, key, request_hash, store_id) values (current_tenant(), $1, request, new_id) on conflict do nothing;
	select * into strict was from idempotency_key where key = $1;
	if was.request_hash <> request then
		raise exception 'The Idempotency-Key was used for another request.' using errcode = 'SW422', constraint = 'idempotency_key_reused';
	end if;
	if was.store_id <> new_id and not exists (select from store where id = was.store_id) then
		raise exception 'The store that this request made is gone.' using errcode = 'SW409', constraint = 'idempotency_gone';
	end if;
	return was.store_id = new_id;
end $$;

create function storeward.create_store(new_id uuid, store_name text, of_engine text, of_plan text, policy text, idempotency_key text, request bytea) returns void
language plpgsql set search_path = storeward, pg_temp as $$
declare
	kind engine;
	home cluster;
begin
	if current_tenant() is null or (idempotency_key is not null and not first_request(idempotency_key, request, new_id)) then
		return;
	end if;
	select * into kind from engine where name = of_engine order by loaded_at desc limit 1;
	if not found then
		raise exception 'The engine must be one of: %.', (select coalesce(string_agg(distinct name, ', '), 'none is loaded') from engine)
			using errcode = 'SW422', constraint = 'invalid', column = 'engine';
	end if;
	perform check_plan(kind.name, kind.version, coalesce(of_plan, kind.default_plan));
	select * into home from cluster_for_new();
	if not found then
		raise exception 'No cluster has room for another store.' using errcode = 'SW409', constraint = 'cluster_full';
	end if;
	insert into store (id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, deletion_policy, created_by)
	values (new_id, current_tenant(), store_name, home.base_domain, kind.name, kind.version, coalesce(of_plan, kind.default_plan), home.id, policy, setting('user')::uuid);
end $$;

-- The store to change, locked; expected is the generation that the wish was made for, or null.
create function storeward.store_to_change(wanted uuid, expected bigint) returns storeward.store
language plpgsql set search_path = storeward, pg_temp as $$
declare
	s store;
begin
	select * into s from store where id = wanted for update;
	if not found then
		raise exception 'Store not found' using errcode = 'SW404', constraint = 'store_not_found';
	end if;
	if s.generation <> expected then
		raise exception 'The store was changed meanwhile: its generation is %, not %.', s.generation, expected using errcode = 'SW412', constraint = 'stale';
	end if;
	return s;
end $$;

create function storeward.delete_store(wanted uuid, expected bigint) returns void
language plpgsql set search_path = storeward, pg_temp as $$
begin
	if current_tenant() is not null then
		perform store_to_change(wanted, expected);
		update store set desired = 'absent' where id = wanted;
	end if;
end $$;

-- new_plan and suspended: null where it stays. What is so already is no change.
create function storeward.change_store(wanted uuid, expected bigint, new_plan text, suspended boolean) returns void
language plpgsql set search_path = storeward, pg_temp as $$
declare
	s store;
begin
	if current_tenant() is null then
		return;
	end if;
	s := store_to_change(wanted, expected);
	if s.desired = 'absent' then
		raise exception 'The store is being deleted.' using errcode = 'SW409', constraint = 'store_deleting';
	end if;
	perform check_plan(s.engine, s.engine_version, coalesce(new_plan, s.plan));
	if suspended and s.desired = 'present' and (select provisioning_completed_at from store_status where store_id = wanted) is null then
		raise exception 'The store was not ready yet; it can be suspended once it was.' using errcode = 'SW409', constraint = 'not_ready';
	end if;
	update store set plan = coalesce(new_plan, plan), desired = case suspended when true then 'suspended' when false then 'present' else desired end where id = wanted;
end $$;

create function storeward.retry_store(wanted uuid, expected bigint) returns void
language plpgsql set search_path = storeward, pg_temp as $$
declare
	s store;
	st store_status;
	told text;
begin
	if current_tenant() is null then
		return;
	end if;
	s := store_to_change(wanted, expected);
	select * into strict st from store_status where store_id = wanted;
	told := wire_status(s.desired, s.generation, st.observed_generation, st.phase);
	if not (told in ('failed', 'degraded') or (told = 'provisioning' and (st.attempts > 0 or st.reason is not null))) then
		raise exception 'Only failed stores can be retried' using errcode = 'SW409', constraint = 'not_failed';
	end if;
	update store set retries = retries + 1 where id = wanted;
end $$;

-- Written in a transaction of its own, as the refused one leaves nothing behind.
create function storeward.audit_quota(requested text) returns void
language sql security definer set search_path = storeward, pg_temp as $$
	select audit(current_tenant(), 'quota.check.failed', 'system', null, jsonb_build_object('requested_name', requested,
		'current_count', (select count(*) from store where tenant_id = current_tenant())))
	where current_tenant() is not null
$$;
revoke execute on function storeward.audit_quota from public;
grant execute on function storeward.audit_quota to storeward_api;

-- What the last pass on each cluster saw, in the words of the API.
create view storeward.cluster_health with (security_invoker = true) as
select c.name, c.state, p.finished_at, extract(epoch from now() - p.finished_at)::bigint as age_s, p.stores, p.errors,
	case when p.id is null then 'Unknown: no pass yet'
	     when p.kubernetes is distinct from 'ok' then 'Error: ' || coalesce(p.kubernetes, 'not asked')
	     when p.finished_at < now() - interval '3 minutes' then format('Error: the last pass is %s s old', extract(epoch from now() - p.finished_at)::bigint)
	     else 'Connected' end as kubernetes,
	case when p.id is null then 'Unknown: no pass yet' when p.helm is null or p.helm = 'not usable' then 'Missing' else 'Available' end as helm
from storeward.cluster c left join lateral (
	select * from storeward.reconcile_pass where cluster_id = c.id and finished_at is not null order by id desc limit 1
) p on true;
grant select on storeward.cluster_health to storeward_api;

-- Who may run a function may make it the trigger of a temporary table, and so write by it what is forbidden otherwise: the audit
-- log, say. A trigger that is there fires without this right.
do $$
declare
	f record;
begin
	for f in select oid::regprocedure as signature from pg_proc where pronamespace = 'storeward'::regnamespace and prorettype = 'trigger'::regtype loop
		execute format('revoke execute on function %s from public', f.signature);
	end loop;
end $$;
