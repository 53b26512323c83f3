-- One store as the API shows it; the columns are those of store_list. $1 id
select s.name, s.engine, s.id, s.created_by as user_id,
	case when s.desired = 'absent' then 'deleting' else st.phase end as status,
	s.namespace, s.name || '.' || s.base_domain as domain, st.admin_url, null as admin_password, st.storefront_url,
	case when st.phase in ('failed', 'degraded') then st.message end as error_message,
	to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at,
	to_char(greatest(s.updated_at, st.updated_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as updated_at,
	to_char(st.provisioning_started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as provisioning_started_at,
	to_char(st.provisioning_completed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as provisioning_completed_at,
	null as provisioning_timeline, null as activity_log,
	s.plan, s.generation as generation_int, st.observed_generation as observed_generation_int,
	st.conditions as conditions_json, st.reason, st.message, st.next_step, st.attempts as attempts_int,
	to_char(st.next_attempt_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as next_attempt_at,
	s.deletion_policy, s.desired
from store s join store_status st on st.store_id = s.id
where s.id = $1;
