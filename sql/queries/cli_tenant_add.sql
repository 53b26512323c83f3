-- A tenant by its name; one that is there keeps its quota unless another is given.
-- $1 name, $2 stores it may have or null
insert into tenant (name, max_stores) values ($1, coalesce($2::integer, 20))
on conflict (name) do update set max_stores = coalesce($2::integer, tenant.max_stores)
returning id, name, max_stores as max_stores_int;
