-- How many stores a list has in all. $1 statuses or null, $2 engine or null, $3 part of the name or null
select store_total($1, $2, $3) as total;
