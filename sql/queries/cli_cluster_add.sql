-- A new cluster. No row when one of that name is there.
-- $1 name, $2 base domain
insert into cluster (name, base_domain) values ($1, $2) on conflict (name) do nothing returning id;
