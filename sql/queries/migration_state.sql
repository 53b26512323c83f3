-- Whether the table of applied migrations is there.
select to_regclass('storeward.schema_migration') is not null as there_bool;
