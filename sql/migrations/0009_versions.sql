-- A store moves from one version of its engine to another, gets new passwords, and is checked when a person asks.

-- The chart of each version, as helm takes it: a store keeps the one it was made from until it is upgraded, whatever lies in
-- the engines' folder. A release Secret holds the chart too and has at most 1 MiB.
create table storeward.chart (
	engine text not null,
	engine_version text not null,
	archive bytea not null check (octet_length(archive) between 1 and 1048576),	-- .tgz
	primary key (engine, engine_version),
	foreign key (engine, engine_version) references storeward.engine on delete cascade
);
alter table storeward.chart alter archive set storage external;	-- compressed already
alter table storeward.chart enable row level security;
alter table storeward.chart force row level security;
create policy owner_all on storeward.chart to storeward_owner using (true) with check (true);
create policy reconcile_read on storeward.chart for select to storeward_reconcile using (true);
grant select on storeward.chart to storeward_reconcile;

alter table storeward.store
	add credentials_revision integer not null default 0 check (credentials_revision >= 0),	-- raised for new passwords
	add version_generation bigint not null default 1,	-- the generation that brought this engine_version
	add checks_requested_at timestamptz;	-- a person wants to know now; no wish for another state
grant update (credentials_revision, checks_requested_at) on storeward.store to storeward_api;
-- What a probe tells has a reason of its own, which may have digits.
alter table storeward.store_event drop constraint store_event_reason_check, add constraint store_event_reason_check check (reason ~ '^[A-Z][A-Za-z0-9]*$');
alter table storeward.store_status
	add applied_version text,	-- of the engine, as last applied: what a shop has that sells on after a refused upgrade
	add checks_seen_at timestamptz;	-- checks_requested_at of the last request that was heard

-- Where nodes are added for pods that wait, what is free now says nothing.
alter table storeward.cluster add autoscaled boolean not null default false;
drop trigger audit_change on storeward.cluster;
create trigger audit_change after update of state, base_domain, engine_values, credentials_ref, context, autoscaled on storeward.cluster
	for each row execute function storeward.audit_change();

create or replace function storeward.store_generation() returns trigger language plpgsql as $$
begin
	if old.desired = 'absent' and new.desired <> 'absent' then
		raise exception 'The store is being deleted.' using errcode = 'SW409', constraint = 'store_deleting';
	end if;
	if (new.id, new.tenant_id, new.name, new.base_domain, new.namespace, new.cluster_id, new.engine, new.created_at)
	    is distinct from (old.id, old.tenant_id, old.name, old.base_domain, old.namespace, old.cluster_id, old.engine, old.created_at) then
		raise exception 'A store''s identity cannot be changed.' using errcode = 'SW422', constraint = 'store_identity';
	end if;
	if (new.desired, new.engine_version, new.plan, new.deletion_policy, new.overrides, new.retries, new.credentials_revision)
	    is distinct from (old.desired, old.engine_version, old.plan, old.deletion_policy, old.overrides, old.retries, old.credentials_revision) then
		new.generation := old.generation + 1;
		new.updated_at := now();
	else
		new.generation := old.generation;
	end if;
	new.version_generation := case when new.engine_version <> old.engine_version then new.generation else old.version_generation end;
	if new.desired = 'absent' and old.desired <> 'absent' then
		new.deletion_requested_at := now();
	end if;
	return new;
end $$;

-- What an auditor is told of a change: each column that a person sets, as it was and as it is.
create function storeward.store_changes(was storeward.store, is_now storeward.store) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_object_agg(o.key, jsonb_build_array(o.value, n.value)), '{}')
	from jsonb_each(to_jsonb(was)) o join jsonb_each(to_jsonb(is_now)) n using (key)
	where o.value <> n.value and o.key in ('desired', 'engine_version', 'plan', 'deletion_policy', 'retries', 'credentials_revision', 'probe_orders')
$$;

-- The status row, the audit row and the hint for the reconciler come with the change.
create or replace function storeward.store_after_change() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	if tg_op = 'INSERT' then
		insert into store_status (store_id, tenant_id) values (new.id, new.tenant_id);
		perform audit(new.tenant_id, 'user.create_store', 'store', new.id::text, jsonb_build_object('name', new.name, 'engine', new.engine,
			'engine_version', new.engine_version, 'plan', new.plan));
	elsif new.generation <> old.generation or new.probe_orders <> old.probe_orders or new.checks_requested_at is distinct from old.checks_requested_at then
		perform audit(new.tenant_id,
			case when new.desired = 'absent' and old.desired <> 'absent' then 'user.delete_store'
			     when new.retries <> old.retries then 'user.retry_store'
			     when new.credentials_revision <> old.credentials_revision then 'user.rotate_credentials'
			     when new.checks_requested_at is distinct from old.checks_requested_at then 'user.check_store' else 'user.update_store' end,
			'store', new.id::text, jsonb_build_object('name', new.name, 'generation', new.generation, 'desired', new.desired, 'changes', store_changes(old, new))
				|| case when setting('without_backup') is null then '{}' else '{"without_backup": true}'::jsonb end);	-- for the record: it was asked for so
	else
		return null;
	end if;
	perform pg_notify('storeward_store', new.id::text);
	return null;
end $$;

-- Where a store of this version may go, newest first; whether its data should be backed up before, as the move cannot be undone.
create function storeward.upgrades(of_engine text, from_version text) returns table (version text, backup boolean)
language sql stable set search_path = storeward, pg_temp as $$
	select e.version, coalesce((u ->> 'backup')::boolean, false)
	from engine e, jsonb_array_elements(case jsonb_typeof(e.spec -> 'upgrades') when 'array' then e.spec -> 'upgrades' else '[]' end) u
	where e.name = of_engine and e.version <> from_version and u ->> 'from' = from_version
	order by e.loaded_at desc, e.version
$$;

create function storeward.check_upgrade(s storeward.store, wanted text, without_backup boolean) returns void
language plpgsql stable set search_path = storeward, pg_temp as $$
declare
	known text := (select string_agg(version, ', ') from upgrades(s.engine, s.engine_version));
	needs_backup boolean;
begin
	select backup into needs_backup from upgrades(s.engine, s.engine_version) where version = wanted;
	if not found then
		raise exception 'No upgrade leads from % to %; %.', s.engine_version, wanted, coalesce('there is one to: ' || known, 'there is none at present')
			using errcode = 'SW422', constraint = 'invalid', column = 'engine_version';
	end if;
	if s.desired = 'suspended' then
		raise exception 'A suspended store cannot be upgraded: resume it first.' using errcode = 'SW409', constraint = 'store_suspended';
	end if;
	-- Roads lead from one version to the next: to go on before it is reached would skip what the one between does to the data.
	if (select applied_generation < s.version_generation from store_status where store_id = s.id) then
		raise exception 'The upgrade to % is not made yet: wait for it, or do what the store''s next_step says; then ask again.', s.engine_version
			using errcode = 'SW409', constraint = 'upgrade_going';
	end if;
	-- A shop that never was ready has nothing to lose.
	if needs_backup and without_backup is not true and (select provisioning_completed_at from store_status where store_id = s.id) is not null then
		raise exception 'The upgrade from % to % changes the shop''s data and cannot be undone: make a backup of the shop, then ask again with "without_backup": true.', s.engine_version, wanted
			using errcode = 'SW409', constraint = 'backup_needed';
	end if;
end $$;

-- The store to change, locked, unless it is going away.
create function storeward.store_to_keep(wanted uuid, expected bigint) returns storeward.store
language plpgsql set search_path = storeward, pg_temp as $$
declare
	s store := store_to_change(wanted, expected);
begin
	if s.desired = 'absent' then
		raise exception 'The store is being deleted.' using errcode = 'SW409', constraint = 'store_deleting';
	end if;
	return s;
end $$;

-- Null where it stays. What is so already is no change.
drop function storeward.change_store(uuid, bigint, text, boolean);
create function storeward.change_store(wanted uuid, expected bigint, new_plan text, suspended boolean, new_version text, without_backup boolean, orders boolean) returns void
language plpgsql set search_path = storeward, pg_temp as $$
declare
	s store;
begin
	if current_tenant() is null then
		return;
	end if;
	s := store_to_keep(wanted, expected);
	if suspended and s.desired = 'present' and (select provisioning_completed_at from store_status where store_id = wanted) is null then
		raise exception 'The store was not ready yet; it can be suspended once it was.' using errcode = 'SW409', constraint = 'not_ready';
	end if;
	s.desired := case suspended when true then 'suspended' when false then 'present' else s.desired end;
	if new_version <> s.engine_version then
		perform check_upgrade(s, new_version, without_backup);
		perform set_config('storeward.without_backup', case when without_backup then 'true' else '' end, true);
	end if;
	perform check_plan(s.engine, coalesce(new_version, s.engine_version), coalesce(new_plan, s.plan));
	update store set plan = coalesce(new_plan, plan), desired = s.desired, engine_version = coalesce(new_version, engine_version),
		probe_orders = coalesce(orders, probe_orders) where id = wanted;
end $$;

-- Whether this engine's charts know how to give a shop new passwords.
create function storeward.rotates(spec jsonb) returns boolean
language sql immutable as $$ select coalesce(spec -> 'credentials' @> '[{"rotate": true}]', false) $$;

create function storeward.rotate_credentials(wanted uuid, expected bigint) returns void
language plpgsql set search_path = storeward, pg_temp as $$
declare
	s store;
begin
	if current_tenant() is null then
		return;
	end if;
	s := store_to_keep(wanted, expected);
	if not (select rotates(spec) from engine where (name, version) = (s.engine, s.engine_version)) then
		raise exception 'Engine % % does not change passwords: change them in the shop''s own administration.', s.engine, s.engine_version
			using errcode = 'SW409', constraint = 'not_rotatable';
	end if;
	if (select provisioning_completed_at from store_status where store_id = wanted) is null then
		raise exception 'The store was not ready yet, so its first passwords are not in use: wait until it is.' using errcode = 'SW409', constraint = 'not_ready';
	end if;
	update store set credentials_revision = credentials_revision + 1 where id = wanted;
end $$;

create function storeward.check_store(wanted uuid) returns void
language plpgsql set search_path = storeward, pg_temp as $$
declare
	s store;
begin
	if current_tenant() is null then
		return;
	end if;
	s := store_to_keep(wanted, null);
	if s.desired = 'suspended' or (select provisioning_completed_at from store_status where store_id = wanted) is null then
		raise exception 'Only a shop that is at work can be checked: resume it, or wait until it was ready.' using errcode = 'SW409', constraint = 'not_ready';
	end if;
	update store set checks_requested_at = clock_timestamp() where id = wanted;
end $$;

create or replace view storeward.store_wire with (security_invoker = true) as
select s.name, s.engine, s.id, s.created_by as user_id,
	storeward.wire_status(s.desired, s.generation, st.observed_generation, st.phase) as status,
	s.namespace, s.name || '.' || s.base_domain as domain, st.admin_url, null as admin_password, st.storefront_url,
	case when storeward.wire_status(s.desired, s.generation, st.observed_generation, st.phase) in ('failed', 'degraded') then st.message end as error_message,
	storeward.wire_time(s.created_at) as created_at, storeward.wire_time(greatest(s.updated_at, st.updated_at)) as updated_at,
	storeward.wire_time(st.provisioning_started_at) as provisioning_started_at,
	storeward.wire_time(st.provisioning_completed_at) as provisioning_completed_at,
	null as provisioning_timeline, null as activity_log,
	s.plan, s.engine_version, s.generation as generation_int, st.observed_generation as observed_generation_int,
	st.conditions as conditions_json, st.reason, st.message, st.next_step, st.attempts as attempts_int,
	storeward.wire_time(st.next_attempt_at) as next_attempt_at, st.deleting_step,
	s.deletion_policy, s.desired, storeward.wire_time(st.changed_at) as changed_at,
	(select c.name::text from storeward.cluster c where c.id = s.cluster_id) as cluster,
	s.probe_orders as probe_orders_bool, storeward.wire_time(s.checks_requested_at) as checks_requested_at
from storeward.store s join storeward.store_status st on st.store_id = s.id;
