-- Who asks, whether the role is enough, and whether it is too often: the first step of every request's transaction. Where
-- not, the steps after it see and change nothing (migration 0005).
-- $1 token or session, $2 SHA-256 of it, $3 client's address, $4 request id, $5 whether this is use and not polling,
-- $6 role needed, $7 bucket of the rate limit or null, $8 requests per minute of it
select role, allowed, limited, quota_used, quota_limit, reset_s from admit($1, $2, $3, $4, $5, $6, $7, $8);
