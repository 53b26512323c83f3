-- A page of the stores, each with the key from which the page after it goes on. $1 statuses or null, $2 engine or null,
-- $3 part of the name or null, $4 sort, $5 and $6 key and id to go on after or null, $7 offset, $8 limit
select w.*, null as upgrades, null as rotates, null as plans, p.key
from store_page($1, $2, $3, $4, $5, $6, $7, $8) with ordinality p(id, key, place) join store_wire w on w.id = p.id
order by p.place;
