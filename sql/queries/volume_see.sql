-- A volume of a store, recorded before its namespace goes. $1 store, $2 name, $3 uid, $4 claim, $5 bytes or null, $6 reclaim policy
insert into store_volume (store_id, tenant_id, pv_name, pv_uid, claim, bytes, reclaim_policy)
select id, tenant_id, $2, $3, $4, $5, $6 from store where id = $1
on conflict (store_id, pv_uid) do update set reclaim_policy = excluded.reclaim_policy
where store_volume.reclaim_policy <> excluded.reclaim_policy;
