-- Sessions of people in browsers, what slows down who guesses passwords, and who may do what: every request begins
-- with admit(). The functions that must see across tenants are storeward_auth's, which can do nothing else.

create table storeward.session (
	id uuid primary key default gen_random_uuid(),
	hash bytea not null unique check (length(hash) = 32),	-- SHA-256 of the cookie's value
	user_id uuid not null references storeward.app_user on delete cascade,
	tenant_id uuid not null references storeward.tenant on delete cascade,	-- the one it works for now
	created_at timestamptz not null default now(),
	last_seen_at timestamptz not null default now(),	-- to within a minute; a page that only polls does not count
	expires_at timestamptz not null default now() + interval '12 hours',
	ip inet,
	user_agent text not null default '' check (length(user_agent) <= 200)
);
create index session_of_user on storeward.session (user_id, created_at desc);

-- Kept per account, per address and per both. Wrong passwords make the next try wait; nobody is locked out.
create table storeward.sign_in_delay (
	key text primary key,
	failures integer not null default 0,
	last_at timestamptz not null default now()
);
create index sign_in_delay_last on storeward.sign_in_delay (last_at);

-- How often a tenant may do what is dear: a fixed window of a minute from the first request.
create table storeward.rate_limit (
	tenant_id uuid not null references storeward.tenant on delete cascade,
	bucket text not null check (bucket ~ '^[a-z_]+$'),
	window_start timestamptz not null,
	used integer not null,
	primary key (tenant_id, bucket)
);
alter table storeward.tenant add max_creates_per_minute integer not null default 30 check (max_creates_per_minute >= 0);

-- A POST that is sent again finds what it made. Kept for a day.
create table storeward.idempotency_key (
	tenant_id uuid not null references storeward.tenant on delete cascade,
	key text not null check (length(key) between 1 and 255),
	request_hash bytea not null check (length(request_hash) = 32),
	store_id uuid not null,
	created_at timestamptz not null default now(),
	primary key (tenant_id, key)
);
create index idempotency_key_age on storeward.idempotency_key (created_at);

do $$
declare
	t text;
begin
	foreach t in array array['session', 'sign_in_delay', 'rate_limit', 'idempotency_key'] loop
		execute format('alter table storeward.%I enable row level security', t);
		execute format('alter table storeward.%I force row level security', t);
		execute format('create policy owner_all on storeward.%I to storeward_owner using (true) with check (true)', t);
	end loop;
	foreach t in array array['session', 'sign_in_delay'] loop
		execute format('create policy auth_all on storeward.%I to storeward_auth using (true) with check (true)', t);
		execute format('grant select, insert, update, delete on storeward.%I to storeward_auth', t);
	end loop;
	-- The sub-select is worked out once per query, not once per row.
	foreach t in array array['rate_limit', 'idempotency_key'] loop
		execute format('create policy api_tenant on storeward.%I to storeward_api using (tenant_id = (select storeward.current_tenant())) with check (tenant_id = (select storeward.current_tenant()))', t);
	end loop;
	foreach t in array array['store', 'store_status', 'store_event', 'store_volume', 'tombstone', 'audit_log', 'membership', 'api_token'] loop
		execute format('alter policy api_tenant on storeward.%I using (tenant_id = (select storeward.current_tenant())) with check (tenant_id = (select storeward.current_tenant()))', t);
	end loop;
end $$;
grant select, insert, update on storeward.rate_limit to storeward_api;
grant select, insert, delete on storeward.idempotency_key to storeward_api;

create policy auth_all on storeward.app_user for update to storeward_auth using (true) with check (true);
create policy auth_read on storeward.tenant for select to storeward_auth using (true);
create policy auth_tokens on storeward.api_token for insert to storeward_auth with check (true);
grant select (id, email, password_hash, platform_admin) on storeward.app_user to storeward_auth;
grant update (password_hash) on storeward.app_user to storeward_auth;
grant select on storeward.tenant to storeward_auth;
grant insert (tenant_id, user_id, name, hash, expires_at) on storeward.api_token to storeward_auth;
grant update (revoked_at) on storeward.api_token to storeward_auth;
grant execute on function storeward.audit to storeward_auth;

-- A new password ends the user's sessions, but the one that set it.
create function storeward.end_sessions() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	delete from session where user_id = new.id and id::text is distinct from setting('session');
	return null;
end $$;
create trigger end_sessions after update of password_hash on storeward.app_user
	for each row when (old.password_hash is distinct from new.password_hash) execute function storeward.end_sessions();

-- Who asks. kind is token or session; hash is SHA-256 of what was sent. Sets the tenant and the actor for the rest of the
-- transaction. A platform administrator has an owner's rights in every tenant, under the own name, by a session and not by a token.
drop function storeward.authenticate;
create function storeward.authenticate(kind text, credential bytea, ip text, request_id text, active boolean)
returns table (user_id uuid, tenant_id uuid, email text, role text, platform_admin boolean)
language plpgsql security definer set search_path = storeward, pg_temp as $$
#variable_conflict use_column
declare
	session_id uuid;
	stale boolean;
begin
	if kind = 'token' then
		select t.user_id, t.tenant_id, u.email, m.role, false, t.last_used_at is null or t.last_used_at < now() - interval '5 minutes'
		into user_id, tenant_id, email, role, platform_admin, stale
		from api_token t join membership m on (m.tenant_id, m.user_id) = (t.tenant_id, t.user_id) join app_user u on u.id = t.user_id
		where t.hash = credential and t.revoked_at is null and (t.expires_at is null or t.expires_at > now());
		if not found then
			raise exception 'The token is unknown, expired or revoked.' using errcode = 'SW401', constraint = 'token_invalid';
		end if;
		if stale then
			update api_token set last_used_at = now() where hash = credential and (last_used_at is null or last_used_at < now() - interval '5 minutes');
		end if;
	else
		select s.id, s.user_id, s.tenant_id, u.email, case when u.platform_admin then 'owner' else m.role end, u.platform_admin,
			active and s.last_seen_at < now() - interval '1 minute'
		into session_id, user_id, tenant_id, email, role, platform_admin, stale
		from session s join app_user u on u.id = s.user_id left join membership m on (m.tenant_id, m.user_id) = (s.tenant_id, s.user_id)
		where s.hash = credential and s.expires_at > now() and s.last_seen_at > now() - interval '30 minutes'
			and (m.role is not null or u.platform_admin);
		if not found then
			raise exception 'You are signed out; sign in again.' using errcode = 'SW401', constraint = 'session_ended';
		end if;
		if stale then
			update session set last_seen_at = now() where id = session_id and last_seen_at < now() - interval '1 minute';
		end if;
	end if;
	perform set_config('storeward.tenant', tenant_id::text, true), set_config('storeward.user', user_id::text, true),
		set_config('storeward.session', coalesce(session_id::text, ''), true), set_config('storeward.actor', 'user:' || email, true),
		set_config('storeward.ip', coalesce(ip, ''), true), set_config('storeward.request_id', coalesce(request_id, ''), true);
	return next;
end $$;

-- The first step of every request's transaction: who asks, whether the role is enough, and whether the tenant has asked
-- for this too often. Where not, the tenant is taken away again, so that the steps after it see and change nothing.
-- quota: requests per minute of this bucket; 0 = the tenant's own limit of creates. No bucket, no limit.
create function storeward.admit(kind text, credential bytea, ip text, request_id text, active boolean, needed text, bucket text, quota integer)
returns table (role text, allowed boolean, limited boolean, quota_used integer, quota_limit integer, reset_s integer)
language plpgsql set search_path = storeward, pg_temp as $$
#variable_conflict use_column
declare
	who record;
	began timestamptz;
	ranks constant text[] := array['anyone', 'viewer', 'operator', 'admin', 'owner'];
begin
	select * into strict who from authenticate(kind, credential, ip, request_id, active);
	role := who.role;
	allowed := case when needed = 'platform' then who.platform_admin
		else coalesce(array_position(ranks, who.role) >= array_position(ranks, needed), false) end;
	limited := false;
	if allowed and bucket is not null then
		quota_limit := case when quota = 0 then (select max_creates_per_minute from tenant where id = who.tenant_id) else quota end;
		insert into rate_limit as r values (who.tenant_id, bucket, now(), 1)
		on conflict (tenant_id, bucket) do update set
			window_start = case when r.window_start <= now() - interval '1 minute' then now() else r.window_start end,
			used = case when r.window_start <= now() - interval '1 minute' then 1 else r.used + 1 end
		returning r.used, r.window_start into quota_used, began;
		limited := quota_used > quota_limit;
		reset_s := greatest(1, ceil(extract(epoch from began + interval '1 minute' - now())));
	end if;
	if not allowed or limited then
		perform set_config('storeward.tenant', '', true), set_config('storeward.user', '', true);
	end if;
	return next;
end $$;

-- How long a key must wait: its first `free` failures cost nothing, then each doubles the time, up to `longest` seconds.
-- What is an hour old is forgiven.
create function storeward.sign_in_wait(failures integer, last_at timestamptz, free integer, longest integer) returns numeric
language sql stable as $$
	select case when failures < free or last_at < now() - interval '1 hour' then 0
		else greatest(0, least(longest, 2 ^ least(failures - free, 20))::numeric - extract(epoch from clock_timestamp() - last_at)) end
$$;

-- Whose address it is: one customer has a /64 of IPv6 (RFC 6177) and may use a new address for each try.
create function storeward.sign_in_source(ip text) returns text
language sql immutable as $$
	select case when ip ~ ':' and ip !~* '^::ffff:' then network(set_masklen(ip::inet, 64))::text else coalesce(ip, '') end
$$;

-- Begins a try: it counts as a failure until sign_in() takes that back, so that parallel tries wait like others.
-- wait_s > 0: nothing was counted, come back then. Accounts that do not exist are treated the same.
create function storeward.sign_in_begin(address text, ip text)
returns table (user_id uuid, password_hash text, wait_s integer)
language plpgsql security definer set search_path = storeward, pg_temp as $$
#variable_conflict use_column
declare
	account text := encode(sha256(convert_to(lower(address), 'UTF8')), 'hex');
	source text := sign_in_source(ip);
	one record;
begin
	delete from sign_in_delay where last_at < now() - interval '1 day';
	wait_s := 0;
	-- Always in this order, so that parallel tries do not wait for each other in a circle. An address that must wait leaves no
	-- more rows, whatever accounts it tries.
	for one in select * from (values
		('address:' || source, 20, 60),
		('account:' || account, 50, 10),
		('both:' || account || ':' || source, 5, 60)
	) as k(key, free, longest) loop
		insert into sign_in_delay (key, last_at) values (one.key, now()) on conflict do nothing;
		select greatest(wait_s, ceil(sign_in_wait(d.failures, d.last_at, one.free, one.longest)))::integer into wait_s
		from sign_in_delay d where d.key = one.key for update;
		exit when wait_s > 0;
	end loop;
	if wait_s = 0 then
		update sign_in_delay set last_at = clock_timestamp(),
			failures = case when last_at < now() - interval '1 hour' then 1 else failures + 1 end
		where key in ('account:' || account, 'address:' || source, 'both:' || account || ':' || source);
		select u.id, u.password_hash into user_id, password_hash from app_user u where u.email = lower(address);
	end if;
	return next;
end $$;

-- A wrong password: told to the account's first tenant, or to the platform. An address that is nobody's is not written
-- down: it may be a password typed into the wrong field.
create function storeward.sign_in_failed(user_id uuid, ip text, request_id text) returns void
language plpgsql security definer set search_path = storeward, pg_temp as $$
#variable_conflict use_variable
declare
	address text := (select email from app_user u where u.id = user_id);
begin
	perform set_config('storeward.actor', coalesce('user:' || address, 'nobody'), true), set_config('storeward.ip', coalesce(ip, ''), true),
		set_config('storeward.request_id', coalesce(request_id, ''), true);
	perform audit((select m.tenant_id from membership m where m.user_id = sign_in_failed.user_id order by created_at, m.tenant_id limit 1),
		'user.sign_in_failed', 'app_user', user_id::text, '{}');
end $$;

-- The password was right: what this address did wrong with this account is forgiven. In the order of sign_in_begin(), so that
-- who signs in and who tries at the same moment do not wait for each other in a circle.
create function storeward.sign_in_forgive(email text, ip text) returns void
language sql set search_path = storeward, pg_temp as $$
	update sign_in_delay set failures = greatest(0, failures - 1) where key = 'address:' || sign_in_source(ip);
	delete from sign_in_delay where key = 'account:' || encode(sha256(convert_to(email, 'UTF8')), 'hex');
	delete from sign_in_delay where key = 'both:' || encode(sha256(convert_to(email, 'UTF8')), 'hex') || ':' || sign_in_source(ip)
$$;

-- The password was right: a session for the tenant of that name, or for the user's first. No row where there is none.
-- The one that the browser had until now, if any, ends. checked is the hash that the password was right for: who signs in while
-- the password is changed waits for that, and does not come in by the old one.
create function storeward.sign_in(user_id uuid, checked text, credential bytea, former bytea, tenant_name text, ip text, user_agent text, request_id text)
returns table (session_id uuid, tenant_id uuid)
language plpgsql security definer set search_path = storeward, pg_temp as $$
#variable_conflict use_column
declare
	who app_user.email%type;
	admin boolean;
begin
	select u.email, u.platform_admin into who, admin from app_user u where u.id = sign_in.user_id and u.password_hash = checked for share;
	if not found then
		raise exception 'The e-mail address or the password is wrong.' using errcode = 'SW401', constraint = 'credentials_wrong';
	end if;
	perform sign_in_forgive(who, ip);
	select t.id into tenant_id from tenant t left join membership m on m.tenant_id = t.id and m.user_id = sign_in.user_id
	where (m.role is not null or admin) and (tenant_name is null or t.name = tenant_name)
	order by m.role is null, m.created_at, t.name limit 1;
	if not found then
		return;
	end if;
	delete from session s where s.hash = former;
	delete from session s where s.user_id = sign_in.user_id and (s.expires_at < now() or s.last_seen_at < now() - interval '30 minutes'
		or s.id in (select id from session where user_id = sign_in.user_id order by created_at desc offset 19));
	insert into session (hash, user_id, tenant_id, ip, user_agent) values (credential, sign_in.user_id, tenant_id, ip::inet, left(coalesce(user_agent, ''), 200))
	returning id into session_id;
	perform set_config('storeward.actor', 'user:' || who, true), set_config('storeward.ip', coalesce(ip, ''), true),
		set_config('storeward.request_id', coalesce(request_id, ''), true);
	perform audit(tenant_id, 'user.sign_in', 'session', session_id::text, '{}');
	return next;
end $$;

-- For the user of this transaction; without one, nothing.
create function storeward.my_id() returns uuid
language sql stable as $$ select storeward.setting('user')::uuid $$;

create function storeward.me() returns table (id uuid, email text, platform_admin boolean)
language sql stable security definer set search_path = storeward, pg_temp as $$ select id, email, platform_admin from app_user where id = my_id() $$;

-- The tenants to choose from; a platform administrator sees all.
create function storeward.my_tenants() returns table (id uuid, name text, role text)
language sql stable security definer set search_path = storeward, pg_temp as $$
	select t.id, t.name::text, case when u.platform_admin then 'owner' else m.role end
	from app_user u cross join tenant t left join membership m on (m.tenant_id, m.user_id) = (t.id, u.id)
	where u.id = my_id() and (m.role is not null or u.platform_admin)
	order by t.name limit 1000
$$;

create function storeward.my_sessions()
returns table (id uuid, created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz, ip inet, user_agent text, current boolean)
language sql stable security definer set search_path = storeward, pg_temp as $$
	select id, created_at, last_seen_at, least(expires_at, last_seen_at + interval '30 minutes'), ip, user_agent, id::text is not distinct from setting('session')
	from session where user_id = my_id() and expires_at > now() and last_seen_at > now() - interval '30 minutes'
	order by created_at desc
$$;

-- Ends one session of the user; null is the one that asks. Returns whether there was one.
create function storeward.end_my_session(which uuid) returns boolean
language plpgsql security definer set search_path = storeward, pg_temp as $$
declare
	ended session;
begin
	delete from session where user_id = my_id() and id = coalesce(which, setting('session')::uuid) returning * into ended;
	if found then
		perform audit(ended.tenant_id, 'user.sign_out', 'session', ended.id::text, '{}');
	end if;
	return ended.id is not null;
end $$;

-- Works for another tenant from now on. No row where the user has no such tenant, or comes with a token.
create function storeward.choose_tenant(tenant_name text) returns table (id uuid)
language plpgsql security definer set search_path = storeward, pg_temp as $$
#variable_conflict use_column
begin
	update session s set tenant_id = t.id from tenant t, app_user u
	where s.id = setting('session')::uuid and s.user_id = my_id() and u.id = s.user_id and t.name = tenant_name
		and (u.platform_admin or exists (select from membership m where (m.tenant_id, m.user_id) = (t.id, u.id)))
	returning s.tenant_id into id;
	if found then
		perform audit(id, 'user.choose_tenant', 'session', setting('session'), '{}');
		return next;
	end if;
end $$;

-- A new password, unless the present one was changed meanwhile. The trigger above ends the other sessions.
create function storeward.set_my_password(old_hash text, new_hash text) returns boolean
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	update app_user set password_hash = new_hash where id = my_id() and password_hash = old_hash;
	if found then
		perform sign_in_forgive((select email from app_user where id = my_id()), setting('ip'));
		perform audit(current_tenant(), 'user.change_password', 'app_user', my_id()::text, '{}');
		return true;
	end if;
	return false;
end $$;

-- Tokens of the user in the tenant of this transaction. So few are good at a time that their list has them all.
create function storeward.create_my_token(name text, credential bytea, days integer) returns table (id uuid, expires_at timestamptz)
language plpgsql security definer set search_path = storeward, pg_temp as $$
#variable_conflict use_column
begin
	if (select count(*) from api_token where user_id = my_id() and tenant_id = current_tenant() and revoked_at is null
	    and coalesce(expires_at > now(), true)) >= 100 then
		raise exception 'You have 100 tokens that are good for this tenant; revoke one first.' using errcode = 'SW409', constraint = 'too_many_tokens';
	end if;
	return query insert into api_token (tenant_id, user_id, name, hash, expires_at)
	select m.tenant_id, m.user_id, create_my_token.name, credential, now() + make_interval(days => days)
	from membership m where m.tenant_id = current_tenant() and m.user_id = my_id()
	returning api_token.id, api_token.expires_at;
end $$;
create function storeward.revoke_my_token(which uuid) returns boolean
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	update api_token set revoked_at = now() where id = which and user_id = my_id() and tenant_id = current_tenant() and revoked_at is null;
	return found;
end $$;

-- What administrators of the platform see of all tenants; nobody else gets a row.
create function storeward.all_tenants()
returns table (id uuid, name text, max_stores integer, max_creates_per_minute integer, stores bigint, members bigint, created_at timestamptz)
language sql stable security definer set search_path = storeward, pg_temp as $$
	select t.id, t.name::text, t.max_stores, t.max_creates_per_minute, (select count(*) from store where tenant_id = t.id),
		(select count(*) from membership where tenant_id = t.id), t.created_at
	from tenant t where exists (select from app_user where id = my_id() and platform_admin) order by t.name limit 1000
$$;
create function storeward.incidents_to_settle()
returns table (id bigint, cluster text, kind text, object text, message text, next_step text, opened_at timestamptz, last_seen_at timestamptz)
language sql stable security definer set search_path = storeward, pg_temp as $$
	select i.id, c.name::text, i.kind, i.object, i.message, i.next_step, i.opened_at, i.last_seen_at
	from incident i left join cluster c on c.id = i.cluster_id
	where i.settled_at is null and exists (select from app_user where id = my_id() and platform_admin) order by i.opened_at limit 1000
$$;
revoke execute on function storeward.all_tenants, storeward.incidents_to_settle, storeward.sign_in_forgive from public;
grant execute on function storeward.all_tenants, storeward.incidents_to_settle to storeward_api;
grant execute on function storeward.sign_in_forgive to storeward_auth;

do $$
declare
	f text;
begin
	grant create on schema storeward to storeward_auth;	-- an owner needs it at the moment of the change only
	foreach f in array array['authenticate(text, bytea, text, text, boolean)', 'sign_in_begin(text, text)', 'sign_in_failed(uuid, text, text)',
	    'sign_in(uuid, text, bytea, bytea, text, text, text, text)', 'me()', 'my_tenants()', 'my_sessions()', 'end_my_session(uuid)', 'choose_tenant(text)',
	    'set_my_password(text, text)', 'create_my_token(text, bytea, integer)', 'revoke_my_token(uuid)'] loop
		execute format('revoke execute on function storeward.%s from public', f);
		execute format('grant execute on function storeward.%s to storeward_api', f);
		execute format('alter function storeward.%s owner to storeward_auth', f);
	end loop;
	revoke create on schema storeward from storeward_auth;
end $$;
