-- A migration that was applied in this transaction.
-- $1 number, $2 name, $3 sha256 of its text
insert into storeward.schema_migration (number, name, sha256) values ($1, $2, $3);
