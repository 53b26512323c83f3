-- Writes down that a store was refused for the tenant's quota. $1 the name asked for
select audit_quota($1);
