-- What was seen and is held now; no row when the lease was lost. Times in milliseconds. $1 store, $2 cluster, $3 token
update store_status set observed_generation = $4, phase = $5, deleting_step = $6, conditions = $7, reason = $8, message = $9, next_step = $10,
	attempts = $11, next_attempt_at = to_timestamp($12::bigint / 1000.0), claim_holder = $13, claim_until = to_timestamp($14::bigint / 1000.0),
	claim_token = case when $13::text is not null then claim_token end,
	release_revision = $15, applied_hash = $16, applied_version = $17, applied_generation = $18, namespace_uid = $19, verified_hash = $20,
	storefront_url = $21, admin_url = $22, provisioning_started_at = to_timestamp($23::bigint / 1000.0),
	provisioning_completed_at = to_timestamp($24::bigint / 1000.0), first_absent_at = to_timestamp($25::bigint / 1000.0),
	first_evidence = $26, admitted_hash = $27, refused_hash = $28,
	probe_judged = $29, probe_failures = $30, probe_next_at = to_timestamp($31::bigint / 1000.0),
	isolation_judged = $32, isolation_failures = $33, isolation_next_at = to_timestamp($34::bigint / 1000.0),
	checks_seen_at = to_timestamp($35::bigint / 1000.0), updated_at = now()
where store_id = $1
	and exists (select from shard_lease where cluster_id = $2 and shard = 0 and token = $3 and expires_at > now())
returning store_id;
