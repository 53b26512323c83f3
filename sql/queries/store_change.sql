-- Another plan, or suspended or not; null where it stays as it is. $1 id, $2 generation or null, $3 plan, $4 suspended
select change_store($1, $2, $3, $4);
