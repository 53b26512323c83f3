-- The clusters, with their stores and the age of the last finished pass in seconds.
select c.name, c.state, c.base_domain, c.url_scheme || '://' || c.base_domain || coalesce(':' || c.url_port, '') as url,
	c.api_url, c.credentials_ref, c.context, (select count(*) from store where cluster_id = c.id) as stores_int, c.max_stores as max_stores_int, c.autoscaled as autoscaled_bool,
	(select extract(epoch from now() - max(finished_at))::bigint from reconcile_pass where cluster_id = c.id) as pass_age_s_int
from cluster c order by c.name;
