-- All tenants, for administrators of the platform.
select id, name, max_stores as max_stores_int, max_creates_per_minute as max_creates_per_minute_int, stores as stores_int,
	members as members_int, wire_time(created_at) as created_at
from all_tenants();
