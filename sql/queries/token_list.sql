-- The tokens of who asks in their tenant, without anything secret: those that are good first, then the newest, 200 in all.
select id, name, wire_time(created_at) as created_at, wire_time(expires_at) as expires_at, wire_time(revoked_at) as revoked_at,
	wire_time(last_used_at) as last_used_at
from api_token where user_id = my_id() order by (api_token.revoked_at is null and coalesce(api_token.expires_at > now(), true)) desc, api_token.created_at desc, id limit 200;
