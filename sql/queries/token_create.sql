-- A token of who asks. No row when they are no member of the tenant. $1 name, $2 SHA-256 of it, $3 days until it expires
select id, wire_time(expires_at) as expires_at from create_my_token($1, $2, $3);
