-- First contact: from now on only the cluster with this uid is served. $1 cluster, $2 uid, $3 address
update cluster set uid = $2, api_url = $3 where id = $1 and uid is null;
