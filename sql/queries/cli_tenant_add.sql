-- A tenant by its name; one that is there keeps its limits unless others are given.
-- $1 name, $2 stores it may have or null, $3 creates per minute or null
insert into tenant (name, max_stores, max_creates_per_minute) values ($1, coalesce($2::integer, 20), coalesce($3::integer, 30))
on conflict (name) do update set max_stores = coalesce($2::integer, tenant.max_stores),
	max_creates_per_minute = coalesce($3::integer, tenant.max_creates_per_minute)
returning id, name, max_stores as max_stores_int, max_creates_per_minute as max_creates_per_minute_int;
