-- Takes the shard's lease, or makes ours longer; no row when another holds it. $4 is a holder known to be dead, or null.
-- $1 cluster, $2 holder, $3 seconds
insert into shard_lease as l (cluster_id, shard, holder, expires_at) values ($1, 0, $2, now() + $3::int * interval '1 second')
on conflict (cluster_id, shard) do update set holder = excluded.holder, expires_at = excluded.expires_at,
	token = l.token + case when l.holder = excluded.holder and l.expires_at > now() then 0 else 1 end
where l.expires_at <= now() or l.holder = excluded.holder or l.holder = $4
returning token;
