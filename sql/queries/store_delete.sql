-- The wish that a store be gone; the reconciler does the rest. Doing it again changes nothing. $1 id
update store set desired = 'absent' where id = $1 returning id;
