-- A new store of the tenant (migration 0007), or a refusal that says why. $1 id, $2 name, $3 engine, $4 plan or null for the
-- engine's default, $5 deletion policy, $6 Idempotency-Key or null, $7 hash of the request
select create_store($1, $2, $3, $4, $5, $6, $7);
