-- One store as the API shows it, with the steps of its making (what each took, and what it usually takes) and what can be done to it.
-- $1 id, $2 the Idempotency-Key whose store it is instead, or null
select w.name, w.engine, w.id, w.user_id, w.status, w.namespace, w.domain, w.admin_url, w.admin_password, w.storefront_url, w.error_message,
	w.created_at, w.updated_at, w.provisioning_started_at, w.provisioning_completed_at, (
		select json_agg(json_build_object('step', step,
			'state', case when d.started_at is null then 'waiting' when d.finished_at is null then 'running' else 'done' end,
			'started_at', wire_time(d.started_at), 'finished_at', wire_time(d.finished_at),
			'seconds', round(extract(epoch from d.finished_at - d.started_at), 1), 'usual_seconds', u.usual, 'p95_seconds', u.p95) order by o.ordinal)
		from unnest(array['requested', 'namespace', 'install', 'setup', 'checkout']) with ordinality o(step, ordinal)
			left join store_steps(w.id) d using (step) left join usual_steps(w.engine) u using (step)
	) as provisioning_timeline_json, w.activity_log,
	w.plan, w.engine_version, w.generation_int, w.observed_generation_int, w.conditions_json, w.reason, w.message, w.next_step,
	w.attempts_int, w.next_attempt_at, w.deleting_step, w.deletion_policy, w.desired, w.changed_at, w.cluster, w.probe_orders_bool, w.checks_requested_at,
	(select coalesce(json_agg(json_build_object('version', version, 'backup', backup) order by place), '[]')
	 from upgrades(w.engine, w.engine_version) with ordinality u(version, backup, place)) as upgrades_json,
	(select rotates(spec) from engine where (name, version) = (w.engine, w.engine_version)) as rotates_bool,
	(select json_agg(json_build_object('name', p.name, 'title', p.title, 'description', p.description) order by p.position, p.name)
	 from plan p where (p.engine, p.engine_version) = (w.engine, w.engine_version)) as plans_json
from store_wire w
where w.id = coalesce((select store_id from idempotency_key where key = $2), $1);
