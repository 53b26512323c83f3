-- What the browser tests look at: a store in every status in tenant acme, with texts that pages find hard (markup,
-- right-to-left, emoji, words without a break), enough of them for three pages, and a past to draw charts of.
-- Run as superuser after `storeward user add` made tenants and users. The ids are in routes.js.
set search_path = storeward;

insert into cluster (name, base_domain, url_scheme, url_port, uid, engine_values) values ('local', 'localhost', 'http', 8080, gen_random_uuid()::text, '{}');
insert into reconcile_pass (cluster_id, holder, started_at, finished_at, stores, acted, waiting, errors, kubernetes, helm)
select id, 'seed', now() - interval '3 s', now() - interval '2 s', 8, 2, 1, 0, 'ok', 'v4.0.0' from cluster;
insert into incident (cluster_id, kind, object, message, next_step)
select id, 'NamespaceConflict', 'store-0badcafe', 'A namespace <b>with a store''s name</b> does not belong to the store.', 'Rename the other namespace, then settle this incident.' from cluster;
update tenant set max_stores = 200;
update tenant set max_stores = 20000 where name = 'many';

-- Texts as the database's checks allow them.
create temp table phrase (key text primary key, value text);
insert into phrase values
	('markup', 'The image <img src=x onerror="window.pwned=1"> of <script>window.pwned=2</script> & "shop" cannot be had: 404 &lt;here&gt;.'),
	('word', 'registry.example.test/' || repeat('aVeryLongWordWithoutAnyPlaceToBreakIt', 6) || ':1 does not exist.'),
	('rtl', 'متجر ‏لا يمكن إنشاؤه‏ הַחֲנוּת 🛍️👩🏽‍💻🏳️‍🌈 shop'),
	('next', 'Check the <b>package</b> setting https://example.test/' || repeat('x', 60) || ' and press Retry.');

-- One row each: the last digits of the id, name, engine, wish, phase, and what goes with it.
create temp table wanted (n integer, name text, engine text, desired text, phase text, reason text, message text, next_step text, attempts integer);
insert into wanted values
	(1, 'requested-shop', 'minimal', 'present', 'requested', null, null, null, 0),
	(2, 'provisioning-shop', 'woocommerce', 'present', 'provisioning', 'ImagePullBackOff', 'word', 'next', 2),
	(3, 'ready-shop', 'woocommerce', 'present', 'ready', null, null, null, 1),
	(4, 'degraded-shop', 'minimal', 'present', 'degraded', 'CrashLoopBackOff', 'rtl', 'next', 1),
	(5, 'failed-shop', 'woocommerce', 'present', 'failed', 'SetupFailed', 'markup', 'next', 5),
	(6, 'suspended-shop', 'minimal', 'suspended', 'suspended', null, null, null, 1),
	(7, 'deleting-shop', 'minimal', 'absent', 'deleting', 'NamespaceTerminating', 'rtl', 'next', 1),
	(8, 'wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww', 'woocommerce', 'present', 'failed', 'DeadlineExceeded', 'word', 'next', 3);
insert into wanted select n, 'shop-' || lpad(n::text, 3, '0'), 'minimal', 'present', 'ready', null, null, null, 1 from generate_series(9, 55) n;

create function pg_temp.store_id(n integer) returns uuid language sql as $$ select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;

insert into store (id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, namespace, created_by, created_at)
select pg_temp.store_id(n), t.id, w.name, c.base_domain, e.name, e.version, e.default_plan, c.id, 'store-' || lpad(to_hex(n), 8, '0'), u.id, now() - interval '1 hour' - n * interval '7 min'
from wanted w join engine e on e.name = w.engine, tenant t, cluster c, app_user u where t.name = 'acme' and u.email = 'owner@acme.test';
update store s set desired = w.desired from wanted w where s.id = pg_temp.store_id(w.n) and w.desired <> 'present';

update store_status st set observed_generation = case when w.phase = 'requested' then 0 else s.generation end, attempts = w.attempts, reason = w.reason,
	message = (select value from phrase where key = w.message), next_step = (select value from phrase where key = w.next_step),
	next_attempt_at = case when w.phase = 'provisioning' then now() + interval '10 min' end,
	deleting_step = case when w.phase = 'deleting' then 'namespace' end,
	provisioning_started_at = case when w.phase <> 'requested' then s.created_at + interval '1 s' end
from wanted w join store s on s.id = pg_temp.store_id(w.n) where st.store_id = s.id;

insert into store_event (tenant_id, store_id, at, type, reason, message, details)
select s.tenant_id, s.id, s.created_at + e.after * interval '1 s', e.type, e.reason, coalesce((select value from phrase where key = e.message), e.message), '{"note": "<i>as text</i>"}'
from store s join wanted w on s.id = pg_temp.store_id(w.n) and w.n <= 8 and w.phase <> 'requested',
	(values (1, 'Normal', 'Provisioning', 'Making the store.'), (2, 'Normal', 'NamespaceCreated', 'The namespace was made.'), (9, 'Normal', 'ReleaseApplied', 'Revision 1.'),
		(10, 'Warning', 'SetupFailed', 'markup'), (11, 'Warning', 'ImagePullBackOff', 'word'), (12, 'Warning', 'Unreadable', 'rtl')) e(after, type, reason, message);
-- More events than one page of them.
insert into store_event (tenant_id, store_id, at, reason, message)
select s.tenant_id, s.id, s.created_at + n * interval '20 s', 'Probed', 'Checkout number ' || n || ' went well.'
from store s, generate_series(1, 120) n where s.name = 'ready-shop';

update store_status st set phase = w.phase,
	conditions = case when w.phase in ('requested', 'deleting') then '[]' else jsonb_build_array(
		jsonb_build_object('type', 'Available', 'status', case when w.phase = 'ready' then 'True' else 'False' end, 'reason', coalesce(w.reason, 'Ready'), 'message', coalesce(st.message, ''), 'since', wire_time(s.created_at + interval '15 s')),
		jsonb_build_object('type', 'SetupComplete', 'status', case when w.phase in ('provisioning', 'failed') then 'False' else 'True' end, 'reason', 'Completed', 'message', '', 'since', wire_time(s.created_at + interval '20 s')),
		jsonb_build_object('type', 'CheckoutVerified', 'status', case when w.phase in ('provisioning', 'failed') then 'Unknown' else 'True' end, 'reason', 'Verified', 'message', '', 'since', wire_time(s.created_at + interval '30 s'))) end,
	provisioning_completed_at = case when w.phase in ('ready', 'degraded', 'suspended', 'deleting') then s.created_at + interval '31 s' end,
	storefront_url = case when w.phase not in ('requested', 'provisioning', 'failed') then 'http://' || s.name || '.localhost:8080/' end,
	admin_url = case when w.phase not in ('requested', 'provisioning', 'failed') then 'http://' || s.name || '.localhost:8080/wp-admin/' end
from wanted w join store s on s.id = pg_temp.store_id(w.n) where st.store_id = s.id;

-- Two stores of the other tenant, under the ids that acme's people must not reach.
insert into store (id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id)
select pg_temp.store_id(3840 + n), t.id, 'beta-' || n, c.base_domain, e.name, e.version, e.default_plan, c.id
from generate_series(1, 2) n, tenant t, cluster c, engine e where t.name = 'beta' and e.name = 'minimal';
-- And one of the tenant with the long name.
insert into store (tenant_id, name, base_domain, engine, engine_version, plan, cluster_id)
select t.id, repeat('m', 50), c.base_domain, e.name, e.version, e.default_plan, c.id
from tenant t, cluster c, engine e where t.name like 'thelongest%' and e.name = 'minimal';

-- A month of history.
insert into phase_change (tenant_id, store_id, engine, at, phase, seconds, steps)
select t.id, gen_random_uuid(), 'woocommerce', now() - n * interval '97 min', p.phase, case when p.phase = 'ready' then 40 + n % 17 end,
	case when p.phase = 'ready' then jsonb_build_object('requested', 1, 'namespace', 2, 'install', 9 + n % 5, 'setup', 20 + n % 7, 'checkout', 8) end
from generate_series(1, 440) n, tenant t, (values ('requested', 1), ('ready', 1), ('failed', 7), ('purged', 3)) p(phase, every)
where t.name = 'acme' and n % p.every = 0;

-- Audit rows with details as hard as texts get.
insert into audit_log (tenant_id, actor, ip, request_id, action, resource_type, resource_id, details)
select t.id, a.actor, '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', repeat('r', 64), a.action, 'store', pg_temp.store_id(5)::text,
	jsonb_build_object('name', 'failed-shop', 'text', x.value, x.key, jsonb_build_array(x.value, 1, null, true))
from tenant t, phrase x, (values ('user:' || repeat('o', 50) || '@acme.test', 'user.update_store'), ('system', 'system.note')) a(actor, action) where t.name = 'acme';

-- Another session and tokens of the owner, from a browser with a name of markup.
insert into session (hash, user_id, tenant_id, ip, user_agent)
select sha256(convert_to(x.key || u.email, 'UTF8')), u.id, t.id, '203.0.113.9', left('Mozilla/5.0 ' || x.value, 200) from app_user u, tenant t, phrase x where u.email = 'owner@acme.test' and t.name = 'acme';
insert into api_token (tenant_id, user_id, name, hash, expires_at, revoked_at, last_used_at)
select t.id, u.id, left(x.value, 100), sha256(convert_to(x.key, 'UTF8')), now() + interval '30 days', case when x.key = 'rtl' then now() end, now() - interval '1 hour'
from app_user u, tenant t, phrase x where u.email = 'owner@acme.test' and t.name = 'acme';

-- Older versions of minimal: from 0.0.1 one way changes the data and one does not, from 0.0.3 none leads on. Only 0.0.1 has new passwords.
begin;
insert into engine (name, version, title, description, default_plan, spec, chart_digest, loaded_at)
select e.name, o.version, e.title, e.description, e.default_plan, e.spec || o.spec, repeat('0', 64), e.loaded_at - o.before
from engine e, (values ('0.0.1', interval '3 d', '{"upgrades": [], "credentials": [{"key": "admin-password", "generate": 24, "title": "Password", "rotate": true}]}'::jsonb),
	('0.0.2', '2 d', '{"upgrades": [{"from": "0.0.1"}], "credentials": []}'), ('0.0.3', '1 d', '{"upgrades": [], "credentials": []}')) o(version, before, spec)
where e.name = 'minimal';
insert into plan select p.engine, v.version, p.name, p.title, p.description, p.values, p.position
from plan p, (values ('0.0.1'), ('0.0.2'), ('0.0.3')) v(version) where p.engine = 'minimal';
insert into plan values ('minimal', '0.0.3', 'tiny', 'Tiny', 'The newest version has it no more.', '{}', 9);
commit;
update engine e set spec = spec || '{"upgrades": [{"from": "0.0.1", "backup": true}, {"from": "0.0.2"}]}'
where name = 'minimal' and version not like '0.0.%';
update store s set engine_version = o.version
from (values (6, '0.0.1'), (30, '0.0.1'), (33, '0.0.2'), (34, '0.0.1'), (35, '0.0.1'), (37, '0.0.3'), (38, '0.0.1')) o(n, version) where s.id = pg_temp.store_id(o.n);
update store_status st set observed_generation = s.generation
from store s where s.id = st.store_id and s.engine_version like '0.0.%';

-- A shop that sells, with things that are not well: what is wrong, what is not known and what is checked have their ages.
update store_status set conditions = conditions || jsonb_build_array(
	jsonb_build_object('type', 'ScheduledActions', 'status', 'False', 'reason', 'Overdue', 'message', (select value from phrase where key = 'word'),
		'since', wire_time(now() - interval '2 h'), 'at', wire_time(now() - interval '3 min'), 'seconds', 4),
	jsonb_build_object('type', 'Isolation', 'status', 'Unknown', 'reason', 'NotTold', 'message', 'The last probe did not tell.', 'since', wire_time(now() - interval '1 h')))
where store_id = pg_temp.store_id(31);
-- The trigger has dated all of these changes now.
update store_status st set changed_at = s.created_at + interval '40 s', urgency = urgency(st.phase, s.created_at + interval '40 s') from store s
where s.id = st.store_id and s.tenant_id = (select id from tenant where name = 'acme');
