-- Who holds the shard's lease. $1 cluster
select holder from shard_lease where cluster_id = $1 and shard = 0 and expires_at > now();
