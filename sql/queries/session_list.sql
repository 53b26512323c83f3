-- The sessions of who asks, newest first.
select id, wire_time(created_at) as created_at, wire_time(last_seen_at) as last_seen_at, wire_time(expires_at) as expires_at,
	host(ip) as ip, user_agent, current as current_bool
from my_sessions();
