-- What waits for a decision, for administrators of the platform.
select id as id_int, cluster, kind, object, message, next_step, wire_time(opened_at) as opened_at, wire_time(last_seen_at) as last_seen_at
from incidents_to_settle();
