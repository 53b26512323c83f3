-- Makes the lease longer; no row when it was lost. $1 cluster, $2 token, $3 seconds
update shard_lease set expires_at = now() + $3::int * interval '1 second'
where cluster_id = $1 and shard = 0 and token = $2 and expires_at > now()
returning token;
