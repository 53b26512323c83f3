-- The incidents that wait for a person, or all of them. From the report, so that auditors may ask too.
-- $1 settled ones too
select id, cluster, kind, object, message, next_step, date_trunc('second', opened_at) as opened_at, settled_by, resolution
from report.incidents where $1::boolean or settled_at is null order by opened_at;
