-- Volumes of a store that the deletion's proof no longer found, unless the lease was lost.
-- $1 store, $2 cluster, $3 token, $4 those that were found, as JSON
update store_volume v set gone_at = clock_timestamp()
where v.store_id = $1 and v.gone_at is null
	and not exists (select from jsonb_array_elements($4::jsonb) found where found ->> 'uid' = v.pv_uid)
	and exists (select from shard_lease where cluster_id = $2 and shard = 0 and token = $3 and expires_at > now());
