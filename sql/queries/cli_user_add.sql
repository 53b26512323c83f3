-- A user by e-mail address; one that is there keeps what is not given.
-- $1 e-mail address, $2 hash of the password or null, $3 platform administrator
insert into app_user (email, password_hash, platform_admin) values (lower($1), $2, $3::boolean)
on conflict (email) do update set password_hash = coalesce(excluded.password_hash, app_user.password_hash),
	platform_admin = app_user.platform_admin or excluded.platform_admin
returning id, email;
