-- Whether the tenant has this store. $1 id
select id from store where id = $1;
