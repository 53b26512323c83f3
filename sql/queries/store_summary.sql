-- How many stores the tenant has and may have, by status (all seven) and by engine.
with one as (
	select wire_status(s.desired, s.generation, st.observed_generation, st.phase) as status, s.engine, count(*) as stores
	from store s join store_status st on st.store_id = s.id group by 1, 2
)
select (select coalesce(sum(stores), 0) from one) as total_int, (select max_stores from tenant where id = current_tenant()) as max_stores_int,
	(select json_object_agg(name, (select coalesce(sum(stores), 0) from one where status = name) order by place)
	 from unnest(array['requested', 'provisioning', 'ready', 'degraded', 'failed', 'suspended', 'deleting']) with ordinality s(name, place)) as by_status_json,
	(select coalesce(json_object_agg(engine, stores order by engine), '{}') from (select engine, sum(stores) as stores from one group by engine) e) as by_engine_json;
