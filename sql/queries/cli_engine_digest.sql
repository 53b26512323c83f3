-- The digest of an engine as it was loaded.
-- $1 name, $2 version
select chart_digest from engine where name = $1 and version = $2;
