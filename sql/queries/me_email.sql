-- The e-mail address of who asks.
select email from me();
