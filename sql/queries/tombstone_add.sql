-- What was deleted and the reads that proved it, unless the lease was lost. $1 store, $2 cluster, $3 token, $4 second look's evidence
insert into tombstone (store_id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, namespace, namespace_uid,
	created_at, deletion_requested_at, evidence)
select s.id, s.tenant_id, s.name, s.base_domain, s.engine, s.engine_version, s.plan, s.cluster_id, s.namespace, st.namespace_uid,
	s.created_at, s.deletion_requested_at, jsonb_build_object('first', st.first_evidence, 'second', $4::jsonb,
		'volumes', (select coalesce(jsonb_agg(jsonb_build_object('name', v.pv_name, 'uid', v.pv_uid, 'claim', v.claim,
			'reclaim_policy', v.reclaim_policy, 'gone_at', v.gone_at) order by v.pv_name), '[]') from store_volume v where v.store_id = s.id))
from store s join store_status st on st.store_id = s.id
where s.id = $1 and s.desired = 'absent' and st.first_evidence is not null
	and exists (select from shard_lease where cluster_id = $2 and shard = 0 and token = $3 and expires_at > now());
