-- The stores of all tenants. From the report, so that auditors may ask too.
select tenant, name, engine, plan, status, reason, storefront_url, cluster, id, date_trunc('second', created_at) as created_at
from report.stores order by tenant, created_at;
