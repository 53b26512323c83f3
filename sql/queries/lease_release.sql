-- Gives the lease back, so that the next pass need not wait for its end. $1 cluster, $2 token
update shard_lease set expires_at = now() where cluster_id = $1 and shard = 0 and token = $2 and expires_at > now();
