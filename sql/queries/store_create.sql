-- A new store of the tenant, by the engine's newest version, on the active cluster with the fewest stores. How many
-- a cluster has is taken from the reconciler's last pass, as the API sees one tenant only; a trigger has the last word.
-- No row when engine, plan or cluster are missing: store_refusal says which.
-- $1 id, $2 name, $3 engine, $4 plan or null for the engine's default, $5 deletion policy
insert into store (id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, deletion_policy, created_by)
select $1, t.id, $2, c.base_domain, p.engine, p.engine_version, p.name, c.id, $5, setting('user')::uuid
from tenant t,
	(select * from engine where name = $3 order by loaded_at desc limit 1) e
	join plan p on (p.engine, p.engine_version) = (e.name, e.version) and p.name = coalesce($4, e.default_plan),
	(select c.* from cluster c left join lateral (
		select stores from reconcile_pass where cluster_id = c.id and finished_at is not null order by id desc limit 1
	) last on true
	where c.state = 'active' and c.max_stores > coalesce(last.stores, 0)
	order by coalesce(last.stores, 0), c.created_at limit 1) c
where t.id = current_tenant();
