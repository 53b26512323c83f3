-- The tables. Rules that must always hold are constraints here, not code elsewhere.
create schema if not exists storeward authorization storeward_owner;

create domain storeward.dns_label as text
	check (value ~ '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' and length(value) <= 63);

-- One row. Its id labels everything we own in a cluster; epoch rises after a restore.
create table storeward.installation (
	only_one boolean primary key default true check (only_one),
	id uuid not null default gen_random_uuid(),
	epoch integer not null default 1 check (epoch > 0),
	created_at timestamptz not null default now()
);
insert into storeward.installation default values;

create table storeward.tenant (
	id uuid primary key default gen_random_uuid(),
	name storeward.dns_label not null unique,
	max_stores integer not null default 20 check (max_stores >= 0),
	created_at timestamptz not null default now()
);

create table storeward.app_user (
	id uuid primary key default gen_random_uuid(),
	email text not null unique check (email = lower(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
	password_hash text check (password_hash like 'scrypt$%'),
	platform_admin boolean not null default false,
	created_at timestamptz not null default now()
);

create table storeward.membership (
	tenant_id uuid not null references storeward.tenant on delete cascade,
	user_id uuid not null references storeward.app_user on delete cascade,
	role text not null check (role in ('owner', 'admin', 'operator', 'viewer')),
	created_at timestamptz not null default now(),
	primary key (tenant_id, user_id)
);

-- hash is SHA-256 of the token: the token itself is shown once and kept nowhere.
create table storeward.api_token (
	id uuid primary key default gen_random_uuid(),
	tenant_id uuid not null,
	user_id uuid not null,
	name text not null check (length(name) between 1 and 100),
	hash bytea not null unique check (length(hash) = 32),
	created_at timestamptz not null default now(),
	expires_at timestamptz,
	revoked_at timestamptz,
	last_used_at timestamptz,	-- to within five minutes
	foreign key (tenant_id, user_id) references storeward.membership on delete cascade
);

-- Loaded from engine.yaml by `storeward engines load`; the newest loaded version of a name is offered.
create table storeward.engine (
	name storeward.dns_label not null,
	version text not null check (length(version) between 1 and 50),
	title text not null,
	description text not null default '',
	default_plan text not null,
	spec jsonb not null check (jsonb_typeof(spec) = 'object'),	-- engine.yaml without its plans
	chart_digest text not null,	-- SHA-256 over the engine's folder: a changed chart is applied again
	loaded_at timestamptz not null default now(),
	primary key (name, version)
);

create table storeward.plan (
	engine text not null,
	engine_version text not null,
	name storeward.dns_label not null,
	title text not null,
	description text not null default '',
	values jsonb not null check (jsonb_typeof(values) = 'object'),
	position integer not null default 0,	-- order in engine.yaml
	primary key (engine, engine_version, name),
	foreign key (engine, engine_version) references storeward.engine on delete cascade
);
alter table storeward.engine add foreign key (name, version, default_plan)
	references storeward.plan deferrable initially deferred;

create table storeward.cluster (
	id uuid primary key default gen_random_uuid(),
	name storeward.dns_label not null unique,
	api_url text not null default '',	-- as last seen, for people
	credentials_ref text not null default '',	-- path of a kubeconfig, '' = the pod's service account; never a secret
	context text not null default '',	-- context of that kubeconfig, '' = its current one
	uid text,	-- of namespace kube-system, written at first contact: another cluster is refused
	state text not null default 'active' check (state in ('active', 'cordoned', 'lost')),
	base_domain text not null check (base_domain ~ '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$'),
	url_scheme text not null default 'https' check (url_scheme in ('http', 'https')),
	url_port integer check (url_port between 1 and 65535),	-- null = the scheme's own
	ingress_class text not null default '',
	storage_class text not null default '',
	-- values for charts: {"*": {...}, "ENGINE": {...}}
	engine_values jsonb not null default '{}' check (jsonb_typeof(engine_values) = 'object'),
	max_stores integer not null default 3000 check (max_stores >= 0),
	created_at timestamptz not null default now()
);

-- Desired state only; a trigger raises generation when one of the desired columns changes.
create table storeward.store (
	id uuid primary key default gen_random_uuid(),
	tenant_id uuid not null references storeward.tenant,
	name storeward.dns_label not null
		constraint store_name_length check (length(name) between 3 and 50)
		constraint store_name_reserved check (name not in ('api', 'dashboard', 'www')),
	base_domain text not null,
	engine text not null,
	engine_version text not null,
	plan text not null,
	cluster_id uuid not null references storeward.cluster,
	namespace text not null constraint store_namespace_form check (namespace ~ '^store-[0-9a-f]{8}$'),
	desired text not null default 'present' check (desired in ('present', 'suspended', 'absent')),
	deletion_policy text not null default 'destroy' check (deletion_policy in ('destroy', 'retain')),
	overrides jsonb not null default '{}' check (jsonb_typeof(overrides) = 'object'),
	retries integer not null default 0,	-- raised by a retry: a new generation with the same wishes
	generation bigint not null default 1,
	created_by uuid references storeward.app_user on delete set null,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	deletion_requested_at timestamptz,
	constraint store_name_key unique (base_domain, name),
	constraint store_namespace_key unique (namespace),
	foreign key (engine, engine_version, plan) references storeward.plan
);
create index store_tenant_created on storeward.store (tenant_id, created_at desc, id desc);
create index store_cluster on storeward.store (cluster_id);

-- What the reconciler saw and holds. One row per store, made with it.
create table storeward.store_status (
	store_id uuid primary key references storeward.store on delete cascade,
	tenant_id uuid not null,
	observed_generation bigint not null default 0,
	phase text not null default 'requested'
		check (phase in ('requested', 'provisioning', 'ready', 'degraded', 'failed', 'suspended', 'deleting')),
	deleting_step text check (deleting_step in ('release', 'namespace', 'volumes', 'verifying')),
	conditions jsonb not null default '[]' check (jsonb_typeof(conditions) = 'array'),
	reason text, message text, next_step text,	-- why it is not ready
	attempts integer not null default 0 check (attempts >= 0),
	next_attempt_at timestamptz,
	claim_holder text, claim_token bigint, claim_until timestamptz,	-- a helm child may be at work
	release_revision integer,
	applied_hash text,	-- of chart digest and values, as last applied
	applied_generation bigint,
	namespace_uid text,
	verified_hash text,	-- applied_hash for which the checkout probe passed
	storefront_url text, admin_url text,
	provisioning_started_at timestamptz,
	provisioning_completed_at timestamptz,
	first_absent_at timestamptz,	-- first look of a deletion's proof that found nothing left
	first_evidence jsonb,
	updated_at timestamptz not null default now()
);
create index store_status_phase on storeward.store_status (phase);

create table storeward.store_event (
	id bigint generated always as identity primary key,
	tenant_id uuid not null,
	store_id uuid not null references storeward.store on delete cascade,
	at timestamptz not null default now(),
	type text not null default 'Normal' check (type in ('Normal', 'Warning')),
	reason text not null check (reason ~ '^[A-Z][A-Za-z]*$'),
	message text not null check (length(message) <= 2000),
	details jsonb not null default '{}'
);
create index store_event_store on storeward.store_event (store_id, id desc);

create table storeward.store_volume (
	store_id uuid not null references storeward.store on delete cascade,
	tenant_id uuid not null,
	pv_name text not null,
	pv_uid text not null,
	claim text not null,
	bytes bigint,
	reclaim_policy text not null,
	first_seen_at timestamptz not null default now(),
	gone_at timestamptz,
	primary key (store_id, pv_uid)
);

-- Kept for ever: what was deleted, when, and the reads that proved it.
create table storeward.tombstone (
	store_id uuid primary key,
	tenant_id uuid not null,
	name text not null,
	base_domain text not null,
	engine text not null, engine_version text not null, plan text not null,
	cluster_id uuid not null,
	namespace text not null unique,
	namespace_uid text,
	created_at timestamptz not null,
	deletion_requested_at timestamptz not null,
	purged_at timestamptz not null default clock_timestamp(),
	evidence jsonb not null check (evidence ? 'first' and evidence ? 'second')
);
create index tombstone_tenant on storeward.tombstone (tenant_id, purged_at desc);

-- Append-only and chained per tenant; events without a tenant are on the platform's chain (nil uuid).
create table storeward.audit_log (
	id bigint generated always as identity unique,
	chain uuid not null,
	seq bigint not null,
	tenant_id uuid,
	at timestamptz not null,
	actor text not null,
	ip inet,
	request_id text,
	action text not null check (action ~ '^[a-z_.]+$'),
	resource_type text not null,
	resource_id text,
	details jsonb not null,
	prev_hash bytea not null,
	hash bytea not null,
	primary key (chain, seq)
);
create index audit_log_resource on storeward.audit_log (resource_id, id desc);
create index audit_log_tenant on storeward.audit_log (tenant_id, id desc);

create table storeward.audit_head (
	chain uuid primary key,
	seq bigint not null,
	hash bytea not null
);

-- token is the fencing token: it rises with each holder, and status writes carry it.
create table storeward.shard_lease (
	cluster_id uuid not null references storeward.cluster on delete cascade,
	shard smallint not null default 0 check (shard between 0 and 63),
	holder text not null,
	token bigint not null default 1,
	expires_at timestamptz not null,
	primary key (cluster_id, shard)
);

create table storeward.reconcile_pass (
	id bigint generated always as identity primary key,
	cluster_id uuid not null references storeward.cluster on delete cascade,
	holder text not null,
	started_at timestamptz not null default clock_timestamp(),
	finished_at timestamptz,
	stores integer, acted integer, waiting integer, errors integer,
	kubernetes text,	-- 'ok' or why not
	helm text		-- version or why not
);
create index reconcile_pass_cluster on storeward.reconcile_pass (cluster_id, id desc);

-- Opened by the reconciler, settled by a person.
create table storeward.incident (
	id bigint generated always as identity primary key,
	cluster_id uuid references storeward.cluster on delete cascade,
	kind text not null check (kind ~ '^[A-Z][A-Za-z]*$'),
	object text not null default '',
	message text not null,
	next_step text not null,
	opened_at timestamptz not null default now(),
	last_seen_at timestamptz not null default now(),
	settled_at timestamptz,
	settled_by text,
	resolution text,
	check ((settled_at is null) = (settled_by is null))
);
create unique index incident_open on storeward.incident (cluster_id, kind, object) where settled_at is null;
