-- Ends a token of who asks; false when they have no such token that is still good. $1 its id
select revoke_my_token($1) as revoked;
