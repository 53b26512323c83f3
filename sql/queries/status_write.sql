-- What was seen and is held now; no row when the lease was lost. Times in milliseconds. $1 store, $2 cluster, $3 token
update store_status set observed_generation = $4, phase = $5, deleting_step = $6, conditions = $7, reason = $8, message = $9, next_step = $10,
	attempts = $11, next_attempt_at = to_timestamp($12::bigint / 1000.0), claim_holder = $13, claim_until = to_timestamp($14::bigint / 1000.0),
	claim_token = case when $13::text is not null then claim_token end,
	release_revision = $15, applied_hash = $16, applied_generation = $17, namespace_uid = $18, verified_hash = $19,
	storefront_url = $20, admin_url = $21, provisioning_started_at = to_timestamp($22::bigint / 1000.0),
	provisioning_completed_at = to_timestamp($23::bigint / 1000.0), first_absent_at = to_timestamp($24::bigint / 1000.0),
	first_evidence = $25, admitted_hash = $26, refused_hash = $27,
	probe_judged = $28, probe_failures = $29, probe_next_at = to_timestamp($30::bigint / 1000.0),
	isolation_judged = $31, isolation_failures = $32, isolation_next_at = to_timestamp($33::bigint / 1000.0), updated_at = now()
where store_id = $1
	and exists (select from shard_lease where cluster_id = $2 and shard = 0 and token = $3 and expires_at > now())
returning store_id;
