-- What /metrics tells of stores, passes and incidents: one row per sample, with a second label or without. No tenant's names.
with last as (
	select c.name as cluster, p.* from cluster c cross join lateral (
		select * from reconcile_pass where cluster_id = c.id and finished_at is not null order by id desc limit 1
	) p
)
select 'storeward_stores' as family, null as cluster, 'status' as label, phase as value, coalesce(f.stores, 0)::text as sample
from unnest(array['requested', 'provisioning', 'ready', 'degraded', 'failed', 'suspended', 'deleting']) as phase left join fleet() f using (phase)
union all
select m.family, last.cluster, null, null, m.sample::text
from last cross join lateral (values
	('storeward_reconcile_last_pass_timestamp_seconds', extract(epoch from finished_at)),
	('storeward_reconcile_pass_duration_seconds', extract(epoch from finished_at - started_at)),
	('storeward_reconcile_stores', stores), ('storeward_reconcile_acted', acted),
	('storeward_reconcile_waiting', waiting), ('storeward_reconcile_errors', errors)
) as m(family, sample)
where m.sample is not null
union all
select 'storeward_incidents_open', cluster, 'kind', kind, incidents::text from incident_counts()
order by 1, 2, 4
limit 2000;
