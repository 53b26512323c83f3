-- A session for somebody whose password was right. No row when there is no tenant for it.
-- $1 user, $2 the hash that the password was checked against, $3 SHA-256 of the cookie, $4 the same of the cookie that the
-- browser had or null, $5 tenant's name or null, $6 client's address, $7 browser, $8 request id
select session_id, tenant_id from sign_in($1, $2, $3, $4, $5, $6, $7, $8);
