-- Notes a wrong password. $1 user or null, $2 client's address, $3 request id
select sign_in_failed($1, $2, $3);
