-- 10,000 stores of tenant many, in all phases. The triggers are off (they would count the tenant's stores 10,000 times),
-- so what they keep is written here too.
set search_path = storeward;
set session_replication_role = replica;

insert into store (id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, namespace, created_at)
select gen_random_uuid(), t.id, 'store-' || lpad(n::text, 5, '0'), c.base_domain, e.name, e.version, e.default_plan, c.id, 'store-' || lpad(to_hex(1048576 + n), 8, '0'), now() - n * interval '1 min'
from generate_series(1, 10000) n, tenant t, cluster c, (select distinct on (name) * from engine order by name, loaded_at desc) e where t.name = 'many' and e.name = case when n % 3 = 0 then 'woocommerce' else 'minimal' end;
insert into store_status (store_id, tenant_id, observed_generation, phase, reason, message, next_step, changed_at, urgency)
select s.id, s.tenant_id, 1, p.phase, case when p.phase = 'failed' then 'SetupFailed' end, case when p.phase = 'failed' then 'The set-up did not end.' end,
	case when p.phase = 'failed' then 'Press Retry.' end, s.created_at, urgency(p.phase, s.created_at)
from store s join tenant t on t.id = s.tenant_id,
	lateral (select case right(s.name, 2)::integer when 7 then 'failed' when 8 then 'degraded' when 9 then 'provisioning' when 10 then 'suspended' else 'ready' end as phase) p
where t.name = 'many';
set session_replication_role = origin;
analyze store, store_status;
