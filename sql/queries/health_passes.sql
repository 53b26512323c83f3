-- The reconciler's last finished pass on each cluster; late when it is more than three minutes old.
select c.name as cluster, extract(epoch from now() - p.finished_at)::bigint as age_s, p.kubernetes = 'ok' as kubernetes, p.errors,
	coalesce(p.finished_at < now() - interval '3 minutes', true) as late
from cluster c left join lateral (
	select * from reconcile_pass where cluster_id = c.id and finished_at is not null order by id desc limit 1
) p on true
where c.state <> 'lost'
order by c.name
limit 50;
