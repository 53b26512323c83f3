-- Opens an incident, or says that it is still seen. $1 cluster, $2 kind, $3 object, $4 message, $5 next step
insert into incident (cluster_id, kind, object, message, next_step) values ($1, $2, $3, $4, $5)
on conflict (cluster_id, kind, object) where settled_at is null do update set last_seen_at = now()
where incident.last_seen_at < now() - interval '10 minutes';
