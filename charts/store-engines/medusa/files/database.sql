-- The shop's database and its owner, which is no superuser. Run once, by the image's first start.
\set password `cat /run/credentials/database-password`
create role medusa login password :'password';
create database medusa owner medusa;
