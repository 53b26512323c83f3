-- Another tenant for the session that asks. No row when the user has none of that name. $1 tenant's name
select id from choose_tenant($1);
