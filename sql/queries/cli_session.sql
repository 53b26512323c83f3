-- Who acts, for the audit log; and the role that may write, for those who may become it. Auditors stay what they are.
-- $1 actor
select set_config('storeward.actor', $1, false) as actor,
	case when pg_has_role(session_user, 'storeward_owner', 'member') then set_config('role', 'storeward_owner', false) end as role;
