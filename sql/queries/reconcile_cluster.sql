-- The cluster that this reconciler serves, the installation, and the database's clock. $1 cluster's name
select c.id, c.credentials_ref, c.context, c.uid, c.state, c.api_url, c.base_domain, c.url_scheme, c.url_port, c.ingress_class, c.storage_class,
	c.engine_values, c.autoscaled, i.id as installation, (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms
from cluster c, installation i where c.name = $1;
