-- What was applied: sha256 is that of the migration's file.
create table if not exists storeward.schema_migration (
	number integer primary key check (number > 0),
	name text not null,
	sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
	applied_at timestamptz not null default now()
);
