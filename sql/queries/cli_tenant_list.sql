-- The tenants, with how many stores they have and may have.
select t.name, t.id, (select count(*) from store where tenant_id = t.id) as stores_int, t.max_stores as max_stores_int,
	t.max_creates_per_minute as creates_per_minute_int,
	(select count(*) from membership where tenant_id = t.id) as users_int, date_trunc('second', t.created_at) as created_at
from tenant t order by t.name;
