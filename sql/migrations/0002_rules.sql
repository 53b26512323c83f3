-- Triggers: what must happen with a change happens in its transaction, whoever makes it.

-- Who acts, from storeward.* settings that each program sets for its transaction.
create function storeward.setting(name text) returns text
language sql stable as $$ select nullif(current_setting('storeward.' || name, true), '') $$;

create function storeward.current_tenant() returns uuid
language sql stable as $$ select storeward.setting('tenant')::uuid $$;

create function storeward.audit_hash(prev bytea, chain uuid, seq bigint, at timestamptz, actor text, ip inet,
	request_id text, action text, resource_type text, resource_id text, details jsonb) returns bytea
language sql immutable as $$
	select sha256(prev || convert_to(jsonb_build_array(chain, seq, extract(epoch from at)::numeric(20,6), actor, host(ip),
		request_id, action, resource_type, resource_id, details)::text, 'UTF8'))
$$;

-- Numbers and chains a new row; the head's row lock puts writers of one chain in order.
create function storeward.audit_chain() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
declare
	head audit_head;
begin
	new.chain := coalesce(new.tenant_id, '00000000-0000-0000-0000-000000000000');
	insert into audit_head values (new.chain, 0, ''::bytea) on conflict do nothing;
	select * into strict head from audit_head where chain = new.chain for update;
	new.seq := head.seq + 1;
	new.at := clock_timestamp();
	new.prev_hash := head.hash;
	new.hash := audit_hash(new.prev_hash, new.chain, new.seq, new.at, new.actor, new.ip, new.request_id,
		new.action, new.resource_type, new.resource_id, new.details);
	update audit_head set seq = new.seq, hash = new.hash where chain = new.chain;
	return new;
end $$;
create trigger audit_chain before insert on storeward.audit_log for each row execute function storeward.audit_chain();

create function storeward.refuse_change() returns trigger language plpgsql as $$
begin
	raise exception '% is append-only', tg_table_name using errcode = 'SW403', constraint = 'append_only';
end $$;
create trigger append_only before update or delete on storeward.audit_log for each row execute function storeward.refuse_change();
create trigger append_only_truncate before truncate on storeward.audit_log execute function storeward.refuse_change();
create trigger append_only before update or delete on storeward.tombstone for each row execute function storeward.refuse_change();
create trigger append_only_truncate before truncate on storeward.tombstone execute function storeward.refuse_change();

-- Adds an audit row; actor, address and request come from the settings.
create function storeward.audit(tenant uuid, action text, resource_type text, resource_id text, details jsonb) returns void
language sql security definer set search_path = storeward, pg_temp as $$
	insert into audit_log (tenant_id, actor, ip, request_id, action, resource_type, resource_id, details)
	values (tenant, coalesce(setting('actor'), 'role:' || session_user), setting('ip')::inet, setting('request_id'),
		action, resource_type, resource_id, details)
$$;
revoke execute on function storeward.audit from public;

-- For tables a person changes: who did what, without secrets.
create function storeward.audit_change() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
declare
	row_new jsonb := to_jsonb(new) - '{hash,password_hash}'::text[];
	row_old jsonb := to_jsonb(old) - '{hash,password_hash}'::text[];
	row_any jsonb := coalesce(row_new, row_old);
	tenant uuid := case when tg_table_name = 'tenant' then row_any ->> 'id' else row_any ->> 'tenant_id' end;
	verb text := case tg_op when 'INSERT' then 'create' when 'UPDATE' then 'update' else 'delete' end;
begin
	-- A token's use is no change; a new password is one, though it is not shown.
	if tg_op = 'UPDATE' and to_jsonb(new) - 'last_used_at' = to_jsonb(old) - 'last_used_at' then
		return null;
	end if;
	perform audit(tenant, verb || '_' || tg_table_name, tg_table_name, coalesce(row_any ->> 'id', row_any ->> 'name'),
		case when tg_op = 'UPDATE' then jsonb_build_object('old', row_old, 'new', row_new) else row_any end);
	return null;
end $$;
create trigger audit_change after insert or update or delete on storeward.tenant for each row execute function storeward.audit_change();
create trigger audit_change after insert or update or delete on storeward.app_user for each row execute function storeward.audit_change();
create trigger audit_change after insert or update or delete on storeward.membership for each row execute function storeward.audit_change();
create trigger audit_change after insert or update or delete on storeward.api_token for each row execute function storeward.audit_change();
create trigger audit_change after insert or update on storeward.engine for each row execute function storeward.audit_change();
create trigger audit_insert after insert on storeward.cluster for each row execute function storeward.audit_change();
-- uid and api_url are what the reconciler saw: no person's change.
create trigger audit_change after update of state, base_domain, engine_values, credentials_ref, context on storeward.cluster
	for each row execute function storeward.audit_change();

-- A new store: checks that constraints cannot make, and a namespace that was never used.
create function storeward.store_before_insert() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
declare
	quota integer;
	room integer;
begin
	-- The row locks put parallel creates in order, so that the tenant's and the cluster's limits hold.
	select max_stores into strict quota from tenant where id = new.tenant_id for no key update;
	if (select count(*) from store where tenant_id = new.tenant_id) >= quota then
		raise exception 'Quota exceeded. Max % stores allowed.', quota
			using errcode = 'SW403', constraint = 'quota_exceeded', hint = 'Delete a store or ask the operator for more.';
	end if;
	select max_stores into strict room from cluster where id = new.cluster_id for no key update;
	if (select count(*) from store where cluster_id = new.cluster_id) >= room then
		raise exception 'No cluster has room for another store.' using errcode = 'SW409', constraint = 'cluster_full';
	end if;
	for i in 1..10 loop	-- 32 random bits: a clash is rare, not impossible
		new.namespace := coalesce(new.namespace, 'store-' || substr(gen_random_uuid()::text, 1, 8));
		exit when not exists (select from store where namespace = new.namespace)
		    and not exists (select from tombstone where namespace = new.namespace);
		if i = 10 then
			raise exception 'No unused namespace was found.' using errcode = 'SW409', constraint = 'store_namespace_key';
		end if;
		new.namespace := null;
	end loop;
	new.generation := 1;
	return new;
end $$;
create trigger store_before_insert before insert on storeward.store for each row execute function storeward.store_before_insert();

create function storeward.store_generation() returns trigger language plpgsql as $$
begin
	if old.desired = 'absent' and new.desired <> 'absent' then
		raise exception 'The store is being deleted.' using errcode = 'SW409', constraint = 'store_deleting';
	end if;
	if (new.id, new.tenant_id, new.name, new.base_domain, new.namespace, new.cluster_id, new.engine, new.created_at)
	    is distinct from (old.id, old.tenant_id, old.name, old.base_domain, old.namespace, old.cluster_id, old.engine, old.created_at) then
		raise exception 'A store''s identity cannot be changed.' using errcode = 'SW422', constraint = 'store_identity';
	end if;
	if (new.desired, new.engine_version, new.plan, new.deletion_policy, new.overrides, new.retries)
	    is distinct from (old.desired, old.engine_version, old.plan, old.deletion_policy, old.overrides, old.retries) then
		new.generation := old.generation + 1;
		new.updated_at := now();
	else
		new.generation := old.generation;
	end if;
	if new.desired = 'absent' and old.desired <> 'absent' then
		new.deletion_requested_at := now();
	end if;
	return new;
end $$;
create trigger store_generation before update on storeward.store for each row execute function storeward.store_generation();

-- The status row, the audit row and the hint for the reconciler come with the change.
create function storeward.store_after_change() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	if tg_op = 'INSERT' then
		insert into store_status (store_id, tenant_id) values (new.id, new.tenant_id);
		perform audit(new.tenant_id, 'user.create_store', 'store', new.id::text, jsonb_build_object('name', new.name, 'engine', new.engine, 'plan', new.plan));
	elsif new.generation <> old.generation then
		perform audit(new.tenant_id,
			case when new.desired = 'absent' and old.desired <> 'absent' then 'user.delete_store'
			     when new.retries <> old.retries then 'user.retry_store' else 'user.update_store' end,
			'store', new.id::text, jsonb_build_object('name', new.name, 'generation', new.generation, 'desired', new.desired));
	else
		return null;
	end if;
	perform pg_notify('storeward_store', new.id::text);
	return null;
end $$;
create trigger store_after_change after insert or update on storeward.store for each row execute function storeward.store_after_change();

-- A row goes only when its tombstone, with evidence, is there.
create function storeward.store_before_delete() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	if old.desired <> 'absent' or not exists (select from tombstone where store_id = old.id) then
		raise exception 'A store row is deleted only after its tombstone was written.' using errcode = 'SW403', constraint = 'tombstone_required';
	end if;
	perform audit(old.tenant_id, 'system.purge_store', 'store', old.id::text, jsonb_build_object('name', old.name, 'namespace', old.namespace));
	return old;
end $$;
create trigger store_before_delete before delete on storeward.store for each row execute function storeward.store_before_delete();

create function storeward.incident_audit() returns trigger
language plpgsql security definer set search_path = storeward, pg_temp as $$
begin
	if tg_op = 'INSERT' then
		perform audit(null, 'system.open_incident', 'incident', new.id::text, jsonb_build_object('kind', new.kind, 'object', new.object, 'message', new.message));
	elsif new.settled_at is not null and old.settled_at is null then
		perform audit(null, 'user.settle_incident', 'incident', new.id::text, jsonb_build_object('kind', new.kind, 'object', new.object, 'resolution', new.resolution));
	end if;
	return null;
end $$;
create trigger incident_audit after insert or update on storeward.incident for each row execute function storeward.incident_audit();
