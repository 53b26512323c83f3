-- A person wants to know now whether all is well. $1 id
select check_store($1);
