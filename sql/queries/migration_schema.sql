-- The schema, before its first migration.
create schema if not exists storeward authorization storeward_owner;
