-- A new password for who asks, unless it was changed meanwhile; their other sessions end.
-- $1 hash of the present one, $2 hash of the new one
select set_my_password($1, $2) as changed;
