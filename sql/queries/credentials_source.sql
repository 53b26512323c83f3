-- Where a store's credentials are, and which of them its engine gives a title: those that a person may see. $1 id
select s.namespace, s.desired = 'absent' as deleting, st.namespace_uid is not null as begun, st.provisioning_completed_at is not null as was_ready,
	st.admin_url, c.name as cluster, c.credentials_ref = '' as by_service_account,
	coalesce((select jsonb_agg(jsonb_build_object('key', k ->> 'key', 'title', k ->> 'title') order by n)
		from jsonb_array_elements(e.spec -> 'credentials') with ordinality as l(k, n) where k ? 'title'), '[]') as shown
from store s join store_status st on st.store_id = s.id join cluster c on c.id = s.cluster_id
	join engine e on (e.name, e.version) = (s.engine, s.engine_version)
where s.id = $1;
