-- What is checked of a store: before a release whether it fits its plan's quota, and while it sells whether it still does.

alter table storeward.store add probe_orders boolean not null default false;	-- the scheduled probe may place orders and remove them
grant update (probe_orders) on storeward.store to storeward_api;

alter table storeward.store_status
	add admitted_hash text, add refused_hash text,	-- the last wish that fitted, and the last that did not
	-- Of each check: how many of this generation's runs are judged, how often it failed in a row, when it is due again.
	add probe_judged bigint not null default 0 check (probe_judged >= 0),
	add probe_failures bigint not null default 0 check (probe_failures >= 0),
	add probe_next_at timestamptz,
	add isolation_judged bigint not null default 0 check (isolation_judged >= 0),
	add isolation_failures bigint not null default 0 check (isolation_failures >= 0),
	add isolation_next_at timestamptz;
