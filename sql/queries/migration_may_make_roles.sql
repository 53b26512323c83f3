-- Whether the one who is logged in may make roles; others find them made.
select rolsuper or rolcreaterole as may_bool from pg_roles where rolname = session_user;
