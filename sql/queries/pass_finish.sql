-- What a pass did and saw. $1 id, $2 stores, $3 acted on, $4 waiting, $5 errors, $6 state of Kubernetes, $7 helm's version
update reconcile_pass set finished_at = clock_timestamp(), stores = $2, acted = $3, waiting = $4, errors = $5, kubernetes = $6, helm = $7
where id = $1;
