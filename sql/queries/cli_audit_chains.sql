-- The audit log's chains; broken_at is the number of the first entry that does not fit.
select chain, entries as entries_int, head as head_int, broken_at as broken_at_int from report.audit_chains order by chain;
