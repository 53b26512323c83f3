-- Counts a try of a password and gives the hash to check it against, or how long to wait. $1 e-mail address, $2 client's address
select user_id, password_hash, wait_s from sign_in_begin($1, $2);
