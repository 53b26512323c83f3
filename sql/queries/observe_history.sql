-- What happened to the tenant's stores, in buckets up to now, also where nothing did. $1 buckets, $2 seconds of each
with bucket as (
	select begins, begins + make_interval(secs => $2::integer) as ends
	from date_bin(make_interval(secs => $2::integer), now(), 'epoch') last(began),
		generate_series(began - ($1::integer - 1) * make_interval(secs => $2::integer), began, make_interval(secs => $2::integer)) begins
), happened (at, what, seconds) as (
	select created_at, 'created', null::numeric from store
	union all
	select created_at, 'created', null from tombstone
	union all
	select at, phase, seconds from phase_change where phase in ('failed', 'purged') or (phase = 'ready' and seconds is not null)
)
select wire_time(begins) as at, count(*) filter (where what = 'created') as created_int, count(*) filter (where what = 'ready') as ready_int,
	count(*) filter (where what = 'failed') as failed_int, count(*) filter (where what = 'purged') as purged_int,
	round(avg(seconds) filter (where what = 'ready'), 2) as avg_provisioning_seconds_json
from bucket left join happened h on h.at >= begins and h.at < ends and h.at >= now() - $1::integer * make_interval(secs => $2::integer)
group by begins order by begins;
