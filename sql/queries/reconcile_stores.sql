-- All stores of a cluster with what is wanted, what was seen, and what their engine says; times in milliseconds. $1 cluster
select s.id, s.tenant_id, s.name, s.base_domain, s.engine, s.engine_version, s.namespace, s.desired, s.deletion_policy, s.generation, s.retries, s.probe_orders,
	s.credentials_revision, ceil(extract(epoch from s.checks_requested_at) * 1000)::bigint as checks_requested_at,
	s.overrides::text as overrides, e.spec::text as spec, e.chart_digest, p.values::text as plan_values,
	st.observed_generation, st.phase, st.deleting_step, st.conditions::text as conditions, st.reason, st.message, st.next_step, st.attempts,
	(extract(epoch from st.next_attempt_at) * 1000)::bigint as next_attempt_at, st.claim_holder, (extract(epoch from st.claim_until) * 1000)::bigint as claim_until, st.release_revision,
	st.applied_hash, st.applied_generation, st.applied_version,
	case when st.applied_version <> s.engine_version then (select spec::text from engine where (name, version) = (s.engine, st.applied_version)) end as applied_spec, st.namespace_uid, st.verified_hash, st.storefront_url, st.admin_url,
	(extract(epoch from st.provisioning_started_at) * 1000)::bigint as provisioning_started_at, (extract(epoch from st.provisioning_completed_at) * 1000)::bigint as provisioning_completed_at,
	(extract(epoch from st.first_absent_at) * 1000)::bigint as first_absent_at, st.first_evidence::text as first_evidence,
	st.admitted_hash, st.refused_hash, st.probe_judged, st.probe_failures, (extract(epoch from st.probe_next_at) * 1000)::bigint as probe_next_at,
	st.isolation_judged, st.isolation_failures, (extract(epoch from st.isolation_next_at) * 1000)::bigint as isolation_next_at,
	(extract(epoch from st.checks_seen_at) * 1000)::bigint as checks_seen_at
from store s join store_status st on st.store_id = s.id
	join engine e on (e.name, e.version) = (s.engine, s.engine_version)
	join plan p on (p.engine, p.engine_version, p.name) = (s.engine, s.engine_version, s.plan)
where s.cluster_id = $1
order by s.namespace collate "C";
