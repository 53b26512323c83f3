-- Settles an open incident. No row when there is none of that number that is open.
-- $1 id, $2 what was found and done
update incident set settled_at = now(), settled_by = setting('actor'), resolution = $2
where id = $1 and settled_at is null returning id, kind;
