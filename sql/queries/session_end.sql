-- Ends a session of who asks. $1 its id, or null for the one that asks
select end_my_session($1) as ended, $1::uuid is null or $1::uuid = setting('session')::uuid as own;
