-- What happened to stores over time, kept when they are gone: what "usually takes 40 s" and the charts are made from.

create table storeward.phase_change (
	id bigint generated always as identity primary key,
	tenant_id uuid not null,
	store_id uuid not null,	-- no reference: it outlives the store
	engine text not null,
	at timestamptz not null default clock_timestamp(),
	phase text not null,	-- as in store_status, and purged
	seconds numeric,	-- to ready: since provisioning began; to purged: since the deletion was asked for
	steps jsonb		-- to ready for the first time: {"namespace": seconds, ...}
);
create index phase_change_tenant on storeward.phase_change (tenant_id, at);
create index phase_change_ready on storeward.phase_change (engine, id desc) where phase = 'ready' and steps is not null;

alter table storeward.phase_change enable row level security;
alter table storeward.phase_change force row level security;
create policy owner_all on storeward.phase_change to storeward_owner using (true) with check (true);
create policy api_tenant on storeward.phase_change for select to storeward_api using (tenant_id = (select storeward.current_tenant()));
grant select on storeward.phase_change to storeward_api;

-- Sorting by urgency: what needs a person first, then what changed last. One number, so that an index gives the pages.
alter table storeward.store_status add changed_at timestamptz not null default now();
alter table storeward.store_status add urgency bigint not null default 0;

create function storeward.urgency(phase text, changed_at timestamptz) returns bigint
language sql stable as $$
	select array_position(array['failed', 'degraded', 'deleting', 'provisioning', 'requested', 'suspended', 'ready'], phase)
		* 100000000000000 - (extract(epoch from changed_at) * 1000)::bigint
$$;
update storeward.store_status set changed_at = updated_at, urgency = storeward.urgency(phase, updated_at);
create index store_status_urgency on storeward.store_status (tenant_id, urgency, store_id);
create index store_status_changed on storeward.store_status (tenant_id, changed_at, store_id);
create index store_tenant_name on storeward.store (tenant_id, name, id);

-- The steps of making a store, from its events and conditions: each ends when the next begins. A step that has not
-- ended has no end; one that has not begun is not there. Since the last time the making began.
create function storeward.store_steps(store uuid) returns table (ordinal integer, step text, started_at timestamptz, finished_at timestamptz)
language sql stable set search_path = storeward, pg_temp as $$
	with s as (
		select s.created_at, s.updated_at as wished_at, st.*,
			case when st.provisioning_completed_at >= st.provisioning_started_at then st.provisioning_completed_at end as done, (
			select (c ->> 'since')::timestamptz from jsonb_array_elements(st.conditions) c where c ->> 'type' = 'SetupComplete' and c ->> 'status' = 'True'
		) as set_up, (
			select (c ->> 'since')::timestamptz from jsonb_array_elements(st.conditions) c where c ->> 'type' = 'CheckoutVerified' and c ->> 'status' = 'True'
		) as verified
		from store s join store_status st on st.store_id = s.id where s.id = store
	), ends (ordinal, step, at) as (
		select 1, 'requested', provisioning_started_at from s
		union all
		select 2, 'namespace', (select max(at) from store_event where store_id = s.store_id and reason = 'NamespaceCreated') from s
		union all
		-- What came after, as a suspension's release, is none of it.
		select 3, 'install', coalesce((select max(at) from store_event e where e.store_id = s.store_id and reason = 'ReleaseApplied'
			and e.at between s.provisioning_started_at and coalesce(s.done, 'infinity')), done) from s
		union all
		select 4, 'setup', coalesce(set_up, done) from s
		union all
		select 5, 'checkout', coalesce(verified, done) from s
		union all
		select 6, 'ready', done from s where done is not null
	), chained as (
		select ordinal, step, case when at is not null then greatest(at, max(at) over earlier) end as at, max(at) over earlier as before, ordinal > 1 and bool_or(at is null) over earlier as blocked
		from ends window earlier as (order by ordinal rows between unbounded preceding and 1 preceding)
	)
	select ordinal, step, coalesce(before, (
		select case when provisioning_started_at is null then created_at
			-- Not the wish but a new chart was why: the shop was ready in between.
			when exists (select from store_event e where e.store_id = s.store_id and e.reason = 'Ready' and e.at between wished_at and provisioning_started_at) then provisioning_started_at
			else least(wished_at, provisioning_started_at) end
		from s)), at
	from chained where not coalesce(blocked, false) and step <> 'ready' order by ordinal
$$;

create function storeward.store_status_phase() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	if tg_op = 'INSERT' or new.phase <> old.phase or new.reason is distinct from old.reason then
		new.changed_at := now();
		new.urgency := urgency(new.phase, new.changed_at);
	end if;
	return new;
end $$;
create trigger store_status_phase before insert or update on storeward.store_status
	for each row execute function storeward.store_status_phase();

create function storeward.store_status_history() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
declare
	made boolean := new.phase = 'ready' and new.provisioning_completed_at >= new.provisioning_started_at
		and (tg_op = 'INSERT' or new.provisioning_completed_at is distinct from old.provisioning_completed_at);
	-- Only a first making tells what each step takes: a change or a resume leaves some out.
	made_first boolean := made and (tg_op = 'INSERT' or old.provisioning_completed_at is null);
begin
	if tg_op = 'UPDATE' and new.phase = old.phase then
		return null;
	end if;
	insert into phase_change (tenant_id, store_id, engine, phase, seconds, steps)
	select new.tenant_id, new.store_id, s.engine, new.phase,
		case when made then extract(epoch from new.provisioning_completed_at - new.provisioning_started_at) end,
		case when made_first then (select jsonb_object_agg(step, round(extract(epoch from finished_at - started_at), 3)) from store_steps(new.store_id) where finished_at is not null) end
	from store s where s.id = new.store_id;
	return null;
end $$;
create trigger store_status_history after insert or update on storeward.store_status
	for each row execute function storeward.store_status_history();

create function storeward.store_purged() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	insert into phase_change (tenant_id, store_id, engine, phase, seconds)
	values (old.tenant_id, old.id, old.engine, 'purged', extract(epoch from clock_timestamp() - old.deletion_requested_at));
	return null;
end $$;
create trigger store_purged after delete on storeward.store for each row execute function storeward.store_purged();

-- How long each step usually takes: of the engine's last 200 stores that became ready, whoever's they were.
create function storeward.usual_steps(of_engine text) returns table (step text, usual numeric, p95 numeric, stores bigint)
language sql stable security definer set search_path = storeward, pg_temp as $$
	select s.key, percentile_cont(0.5) within group (order by s.value::numeric)::numeric(10,1),
		percentile_cont(0.95) within group (order by s.value::numeric)::numeric(10,1), count(*)
	from (select steps from phase_change where engine = of_engine and phase = 'ready' and steps is not null order by id desc limit 200) p,
		jsonb_each_text(p.steps) s
	group by s.key
$$;
revoke execute on function storeward.usual_steps from public;
grant execute on function storeward.usual_steps to storeward_api;

-- For /metrics: numbers without names.
create function storeward.fleet() returns table (phase text, stores bigint)
language sql stable security definer set search_path = storeward, pg_temp as $$
	select case when s.desired = 'absent' then 'deleting' else st.phase end, count(*) from store s join store_status st on st.store_id = s.id group by 1
$$;
revoke execute on function storeward.fleet from public;
grant execute on function storeward.fleet to storeward_api;

create function storeward.incident_counts() returns table (cluster text, kind text, incidents bigint)
language sql stable security definer set search_path = storeward, pg_temp as $$
	select coalesce(c.name, ''), i.kind, count(*) from incident i left join cluster c on c.id = i.cluster_id where i.settled_at is null group by 1, 2
$$;
revoke execute on function storeward.incident_counts from public;
grant execute on function storeward.incident_counts to storeward_api;

-- A person is about to see a shop's passwords, which is written down first. Whether there are any to see.
create function storeward.audit_reveal(store uuid) returns boolean
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	perform audit(s.tenant_id, 'user.reveal_credentials', 'store', s.id::text, jsonb_build_object('name', s.name))
	from store s join store_status st on st.store_id = s.id
	where s.id = audit_reveal.store and s.tenant_id = current_tenant() and s.desired <> 'absent' and st.namespace_uid is not null;
	return found;
end $$;
revoke execute on function storeward.audit_reveal from public;
grant execute on function storeward.audit_reveal to storeward_api;

-- What a client is told the store is: a wish counts from the moment it was made.
create function storeward.wire_status(desired text, generation bigint, observed_generation bigint, phase text) returns text
language sql immutable as $$
	select case when desired = 'absent' then 'deleting' when generation > observed_generation and phase = 'failed' then 'requested' else phase end
$$;
create function storeward.wire_time(t timestamptz) returns text
language sql stable as $$ select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- A store as the API shows it, in the peer's order and then ours. Runs with the rights of who asks.
create view storeward.store_wire with (security_invoker = true) as
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
	(select c.name::text from storeward.cluster c where c.id = s.cluster_id) as cluster
from storeward.store s join storeward.store_status st on st.store_id = s.id;
grant select on storeward.store_wire to storeward_api;

-- Tables and conditions of a list of stores, with $1 tenant to $4; the arguments say which are not null. Only the tables that
-- are needed, so that a count and a page far away read one index. sorted_by is a column of s or st.
create function storeward.store_source(statuses text[], of_engine text, search text, sorted_by text) returns text
language sql immutable as $$
	select case when not status then ' from store s where s.tenant_id = $1' when not store then ' from store_status st where st.tenant_id = $1'
		else ' from store s join store_status st on st.store_id = s.id where s.tenant_id = $1 and st.tenant_id = $1' end
		|| case when statuses is null then '' else ' and wire_status(s.desired, s.generation, st.observed_generation, st.phase) = any ($2)' end
		|| case when of_engine is null then '' else ' and s.engine = $3' end
		|| case when search is null then '' else ' and position(lower($4) in s.name) > 0' end
	from (select sorted_by like 'st.%' or statuses is not null, sorted_by like 's.%' or coalesce(statuses::text, of_engine, search) is not null) needs(status, store)
$$;

create function storeward.store_total(statuses text[], of_engine text, search text) returns bigint
language plpgsql stable set search_path = storeward, pg_temp as $$
declare
	total bigint;
begin
	execute 'select count(*)' || store_source(statuses, of_engine, search, 's.id') into total using current_tenant(), statuses, of_engine, search;
	return total;
end $$;

-- The ids of one page, in order, and the key from which the next page goes on. sort is a key of the table below, with '-'
-- before it for the other direction; the condition on (key, id) makes pages cost the same however far one has gone.
create function storeward.store_page(statuses text[], of_engine text, search text, sort text, after_key text, after_id uuid, skip bigint, lim bigint)
returns table (id uuid, key text)
language plpgsql stable rows 20 set search_path = storeward, pg_temp as $$
declare
	sorts constant jsonb := '{"urgency": ["st.urgency", "bigint", "st.store_id"], "name": ["s.name", "text", "s.id"], "created_at": ["s.created_at", "timestamptz", "s.id"], "changed_at": ["st.changed_at", "timestamptz", "st.store_id"]}';
	columns jsonb := sorts -> ltrim(sort, '-');
	down boolean := left(sort, 1) = '-';
begin
	if columns is null then
		raise exception 'sort must be one of urgency, name, created_at, changed_at' using errcode = 'SW422', constraint = 'sort', column = 'sort';
	end if;
	return query execute format(
		'select %3$s, %1$s::text' || store_source(statuses, of_engine, search, columns ->> 0)
		|| case when after_key is null then '' else ' and (%1$s, %3$s) %5$s ($5::%2$s, $6)' end
		|| ' order by %1$s %4$s, %3$s %4$s offset $7 limit $8',
		columns ->> 0, columns ->> 1, columns ->> 2, case when down then 'desc' else 'asc' end, case when down then '<' else '>' end)
	using current_tenant(), statuses, of_engine, search, after_key, after_id, skip, lim;
end $$;
