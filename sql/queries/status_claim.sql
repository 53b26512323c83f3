-- Before helm starts: nobody else acts on this store until then. No row when the lease or the claim is another's.
-- $1 store, $2 cluster, $3 token, $4 holder, $5 seconds, $6 a holder known to be dead, or null
update store_status set claim_holder = $4, claim_token = $3, claim_until = now() + $5::int * interval '1 second', updated_at = now()
where store_id = $1 and (claim_until is null or claim_until <= now() or claim_holder = $4 or claim_holder = $6)
	and exists (select from shard_lease where cluster_id = $2 and shard = 0 and token = $3 and expires_at > now())
returning (extract(epoch from claim_until) * 1000)::bigint as claim_until;
