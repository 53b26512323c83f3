-- A pass begins; passes older than a week are forgotten. $1 cluster, $2 holder
with old as (delete from reconcile_pass where cluster_id = $1 and started_at < now() - interval '7 days')
insert into reconcile_pass (cluster_id, holder) values ($1, $2) returning id;
