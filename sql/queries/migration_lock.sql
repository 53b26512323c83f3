-- One migrator at a time; the lock and the role end with the transaction.
-- $1 role, '' to stay the one who is logged in
select pg_advisory_xact_lock(hashtext('storeward.migrate')),
	case when $1::text <> '' then set_config('role', $1::text, true) end as role;
