-- 10,000 stores of one tenant (many) and 2,000 of another (few), with a past: events, changes of phase, audit rows and
-- tombstones, for figures and for looking at query plans. Run as superuser on a database with migrations and nothing else;
-- the triggers that make rows of their own are off while it runs.
set search_path = storeward;
set session_replication_role = replica;
insert into tenant (name, max_stores, max_creates_per_minute) values ('many', 20000, 100000), ('few', 20000, 100000);
insert into app_user (email) values ('many@many.test');
insert into membership select t.id, u.id, 'owner' from tenant t, app_user u;
insert into engine (name, version, title, default_plan, spec, chart_digest) values ('shop', '1', 'Shop', 'small', '{}', 'x'), ('kiosk', '1', 'Kiosk', 'small', '{}', 'x');
insert into plan (engine, engine_version, name, title, values) values ('shop', '1', 'small', 'Small', '{}'), ('kiosk', '1', 'small', 'Small', '{}');
insert into cluster (name, base_domain, max_stores) values ('one', 'localhost', 100000);
insert into reconcile_pass (cluster_id, holder, finished_at, stores, errors, kubernetes, helm) select id, 'seed', now(), 12000, 0, 'ok', 'v4' from cluster;

create temp table wanted as
select gen_random_uuid() as id, t.id as tenant_id, 'store-' || lpad(n::text, 5, '0') as name, n, t.name as tenant,
	(array['ready', 'ready', 'ready', 'ready', 'ready', 'ready', 'degraded', 'failed', 'provisioning', 'suspended'])[1 + n % 10] as phase,
	case when n % 7 = 0 then 'kiosk' else 'shop' end as engine, now() - n * interval '11 minutes' as made
from tenant t, generate_series(1, case t.name when 'many' then 10000 else 2000 end) n;
insert into store (id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, namespace, desired, created_at, updated_at)
select w.id, w.tenant_id, w.name, case tenant when 'many' then 'localhost' else 'few.test' end, w.engine, '1', 'small', c.id,
	'store-' || lpad(to_hex(n + case tenant when 'many' then 0 else 100000 end), 8, '0'),
	case phase when 'suspended' then 'suspended' else 'present' end, made, made
from wanted w, cluster c;
insert into store_status (store_id, tenant_id, observed_generation, phase, reason, message, provisioning_started_at, provisioning_completed_at, updated_at, changed_at, urgency)
select id, tenant_id, 1, phase, case when phase in ('failed', 'degraded') then 'HelmFailed' end, case when phase in ('failed', 'degraded') then 'It broke.' end,
	made + interval '2 s', case when phase <> 'provisioning' then made + interval '50 s' end, made, made + interval '1 minute', urgency(phase, made + interval '1 minute')
from wanted;
insert into store_event (tenant_id, store_id, at, reason, message)
select tenant_id, id, made + k * interval '5 s', (array['NamespaceCreated', 'ReleaseApplied', 'SetupStarted', 'Ready'])[1 + k % 4], 'Something was done.'
from wanted, generate_series(1, 20) k;
insert into phase_change (tenant_id, store_id, engine, at, phase, seconds, steps)
select tenant_id, id, engine, made + k * interval '20 s', (array['requested', 'provisioning', phase])[k], case when k = 3 and phase = 'ready' then 48 end,
	case when k = 3 and phase = 'ready' then '{"requested": 1, "namespace": 2, "install": 5, "setup": 30, "checkout": 10}'::jsonb end
from wanted, generate_series(1, 3) k;
insert into audit_log (chain, seq, tenant_id, at, actor, action, resource_type, resource_id, details, prev_hash, hash)
select tenant_id, row_number() over (partition by tenant_id order by made, k), tenant_id, made, 'user:many@many.test', (array['user.create_store', 'user.update_store'])[k], 'store', id::text,
	jsonb_build_object('name', name), '', sha256(id::text::bytea)
from wanted, generate_series(1, 2) k;
insert into audit_head select distinct on (chain) chain, seq, hash from audit_log order by chain, seq desc;
set session_replication_role = origin;
analyze;
