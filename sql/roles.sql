-- Roles, created by `storeward migrate` before the migrations; needs CREATEROLE once. Runs again harmlessly.
-- Log-in roles have no password: local programs come in by peer authentication, others get one from the operator.
do $$
declare
	r record;
begin
	for r in select * from (values
		('storeward_owner',     'nologin'),	-- owns everything, migrates
		('storeward_auth',      'nologin'),	-- owns the look-ups that must see across tenants
		('storeward_admin',     'login'),	-- operators with the command line; becomes storeward_owner
		('storeward_api',       'login'),	-- storeward-api
		('storeward_reconcile', 'login'),	-- storeward-reconcile
		('storeward_auditor',   'login')	-- auditors with psql: schema report, nothing else
	) as wanted(name, login) where not exists (select from pg_roles where rolname = wanted.name)
	loop
		execute format('create role %I %s noinherit nobypassrls', r.name, r.login);
	end loop;
	if not exists (select from pg_roles where rolname = 'storeward_backup')
	    and (select rolsuper from pg_roles where rolname = current_user) then
		create role storeward_backup login bypassrls;	-- only a superuser may make it
		grant pg_read_all_data to storeward_backup;
	end if;
	if not pg_has_role('storeward_admin', 'storeward_owner', 'member') then
		grant storeward_owner to storeward_admin;
	end if;
	if not pg_has_role(current_user, 'storeward_owner', 'member') then
		execute format('grant storeward_owner to %I', current_user);
	end if;
	if not pg_has_role('storeward_owner', 'storeward_auth', 'member') then
		grant storeward_auth to storeward_owner;	-- so that migrations may hand functions over
	end if;
	execute format('grant create, connect on database %I to storeward_owner', current_database());
	execute format('grant connect on database %I to storeward_admin, storeward_api, storeward_reconcile, storeward_auditor', current_database());
end $$;
