-- Whether a new store could have this name, and the address it would have. $1 name in lower case, $2 what is wrong with its form, or null
select $1::text as name, why.not is null as available_bool, why.not as reason, host, c.url_scheme || '://' || host || coalesce(':' || c.url_port, '') as url
from (select) one left join cluster_for_new() c on $2::text is null
	left join lateral (select $1 || '.' || c.base_domain as host) h on true,
	lateral (select case when $2 is not null then $2 when name_reserved($1) then 'This name is reserved.'
		when c.id is null then 'No cluster has room for another store.'
		when name_taken(c.base_domain, $1) then 'This name is taken.' end as not) why;
