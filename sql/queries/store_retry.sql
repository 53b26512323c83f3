-- The wish that the same be tried again, at once. $1 id, $2 generation or null
select retry_store($1, $2);
