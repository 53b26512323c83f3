-- The hash of a user's password, to see whether a given one is new.
-- $1 e-mail address
select password_hash from app_user where email = lower($1);
