-- Ends a token; one that was revoked before keeps its time. No row when there is none.
-- $1 id
update api_token set revoked_at = coalesce(revoked_at, now()) where id = $1 returning id;
