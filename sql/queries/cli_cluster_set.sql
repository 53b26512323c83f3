-- Changes what is given of a cluster; null keeps. No row when there is no such cluster.
-- $1 name, $2 base domain, $3 kubeconfig, $4 context, $5 URL scheme, $6 URL port, $7 ingress class, $8 storage class,
-- $9 values for charts, $10 state, $11 stores it may have, $12 whether it grows by itself
update cluster set base_domain = coalesce($2, base_domain), credentials_ref = coalesce($3, credentials_ref),
	context = coalesce($4, context), url_scheme = coalesce($5, url_scheme), url_port = coalesce($6::integer, url_port),
	ingress_class = coalesce($7, ingress_class), storage_class = coalesce($8, storage_class),
	engine_values = coalesce($9::jsonb, engine_values), state = coalesce($10, state),
	max_stores = coalesce($11::integer, max_stores), autoscaled = coalesce($12::boolean, autoscaled)
where name = $1 returning id;
