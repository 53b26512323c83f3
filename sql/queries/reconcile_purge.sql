-- The row goes, its tombstone being there. $1 store
delete from store where id = $1;
