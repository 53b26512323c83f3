-- Another plan, suspended or not, another version of the engine, orders by the scheduled probe; null where it stays as it is.
-- $1 id, $2 generation or null, $3 plan, $4 suspended, $5 engine version, $6 done without a backup, $7 probe orders
select change_store($1, $2, $3, $4, $5, $6, $7);
