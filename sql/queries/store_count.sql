-- How many stores the tenant has.
select count(*) as total from store;
