-- The applied migrations in their order.
select number, name, sha256, applied_at from storeward.schema_migration order by number;
