-- One line of a store's timeline, unless the lease was lost. $1 store, $2 cluster, $3 token, $4 type, $5 reason, $6 message
insert into store_event (tenant_id, store_id, type, reason, message)
select tenant_id, id, $4, $5, $6 from store
where id = $1 and exists (select from shard_lease where cluster_id = $2 and shard = 0 and token = $3 and expires_at > now());
