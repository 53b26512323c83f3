-- Views for auditors with psql (docs/audit.md). They run with their owner's rights; the auditor has no others.
create schema report authorization storeward_owner;

create view report.stores as
select t.name as tenant, s.name, s.id, s.engine, s.engine_version, s.plan, s.namespace, s.desired, st.phase as status, st.reason, st.message,
	st.next_step, s.generation, st.observed_generation, st.attempts, st.next_attempt_at, st.storefront_url, c.name as cluster,
	s.created_at, st.provisioning_completed_at - st.provisioning_started_at as provisioning_time, s.deletion_requested_at
from storeward.store s join storeward.tenant t on t.id = s.tenant_id join storeward.store_status st on st.store_id = s.id
	join storeward.cluster c on c.id = s.cluster_id;

create view report.events as
select t.name as tenant, s.name as store, e.at, e.type, e.reason, e.message, e.details, e.store_id
from storeward.store_event e join storeward.store s on s.id = e.store_id join storeward.tenant t on t.id = e.tenant_id;

create view report.audit as
select a.id, t.name as tenant, a.seq, a.at, a.actor, a.ip, a.request_id, a.action, a.resource_type, a.resource_id, a.details,
	encode(a.hash, 'hex') as hash
from storeward.audit_log a left join storeward.tenant t on t.id = a.tenant_id;

-- One row per chain; broken_at is the first row whose hash, predecessor or number does not fit, or the head's where rows are missing.
create view report.audit_chains as
select case when h.chain = '00000000-0000-0000-0000-000000000000' then 'platform' else coalesce(t.name, h.chain::text) end as chain, count(a.seq) as entries, h.seq as head,
	case when bool_and(a.ok) and count(a.seq) = h.seq and max(a.seq) = h.seq and (array_agg(a.hash order by a.seq desc))[1] = h.hash then null
	     else coalesce(min(a.seq) filter (where not a.ok), h.seq) end as broken_at
from storeward.audit_head h left join storeward.tenant t on t.id = h.chain left join (
	select *, hash = storeward.audit_hash(prev_hash, chain, seq, at, actor, ip, request_id, action, resource_type, resource_id, details)
		and prev_hash = coalesce(lag(hash) over w, ''::bytea) and seq = coalesce(lag(seq) over w, 0) + 1 as ok
	from storeward.audit_log window w as (partition by chain order by seq)
) a on a.chain = h.chain
group by t.name, h.chain, h.seq, h.hash;

create view report.tombstones as
select t.name as tenant, b.name, b.store_id, b.engine, b.namespace, b.namespace_uid, b.created_at, b.deletion_requested_at, b.purged_at,
	b.purged_at - b.deletion_requested_at as deletion_time, b.evidence
from storeward.tombstone b left join storeward.tenant t on t.id = b.tenant_id;

create view report.incidents as
select i.id, c.name as cluster, i.kind, i.object, i.message, i.next_step, i.opened_at, i.last_seen_at, i.settled_at, i.settled_by, i.resolution
from storeward.incident i left join storeward.cluster c on c.id = i.cluster_id;

create view report.passes as
select p.id, c.name as cluster, p.holder, p.started_at, p.finished_at - p.started_at as duration, p.stores, p.acted, p.waiting, p.errors, p.kubernetes, p.helm
from storeward.reconcile_pass p join storeward.cluster c on c.id = p.cluster_id;

grant usage on schema report to storeward_auditor;
grant select on all tables in schema report to storeward_auditor;
