-- What the last passes saw, in one word for all clusters and for each; clusters that are lost are only listed.
select 'Connected' as database,
	coalesce((select kubernetes from cluster_health where state <> 'lost' order by kubernetes = 'Connected', name limit 1), 'Unknown: no cluster yet') as kubernetes_api,
	coalesce((select helm from cluster_health where state <> 'lost' order by helm = 'Available', name limit 1), 'Unknown: no cluster yet') as helm_cli,
	case when coalesce(bool_and(kubernetes = 'Connected' and helm = 'Available') filter (where state <> 'lost'), false) then 'Healthy' else 'Degraded' end as status,
	coalesce(json_agg(json_build_object('name', name, 'state', state, 'kubernetes', kubernetes, 'helm', helm, 'last_pass_at', wire_time(finished_at),
		'age_seconds', age_s, 'stores', stores, 'errors', errors) order by name), '[]') as clusters_json
from cluster_health;
