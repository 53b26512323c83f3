-- The tenant's numbers. success_rate: of the stores that were ready or failed, ever, how many were ready once.
with now as (
	select wire_status(s.desired, s.generation, st.observed_generation, st.phase) as status,
		extract(epoch from st.provisioning_completed_at - st.provisioning_started_at) as seconds
	from store s join store_status st on st.store_id = s.id
), numbers as (
	select count(*) as stores, count(*) filter (where status = 'failed') as failed, count(*) filter (where status = 'ready') as ready,
		avg(seconds) filter (where status = 'ready' and seconds >= 0) as mean,
		percentile_cont(0.95) within group (order by seconds) filter (where status = 'ready' and seconds >= 0) as p95
	from now
), tried as (
	select count(*) as stores, count(*) filter (where good) as good
	from (select bool_or(phase = 'ready') as good from phase_change where phase in ('ready', 'failed') group by store_id) one
), gone as (
	select count(*) as stores from tombstone
)
select n.stores as total_stores_int, n.failed as failed_stores_int, n.ready as active_namespaces_int,
	coalesce(round(n.mean, 2), 0) as avg_provisioning_time_seconds_json, coalesce(round(100.0 * t.good / nullif(t.stores, 0), 1), 100) as success_rate_json,
	coalesce(round(n.p95::numeric, 2), 0) as p95_provisioning_time_seconds_json,
	n.stores + g.stores as created_stores_ever_int, g.stores as purged_stores_ever_int
from numbers n, tried t, gone g;
