-- The wish that a store be gone; the reconciler does the rest. Doing it again changes nothing. $1 id, $2 generation or null
select delete_store($1, $2);
