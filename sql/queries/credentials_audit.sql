-- Writes down that the credentials of a store are about to be shown, where there are any. $1 id
select audit_reveal($1) as written;
