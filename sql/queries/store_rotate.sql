-- The wish for new passwords. $1 id, $2 generation or null
select rotate_credentials($1, $2);
