#!/usr/bin/env bash
# outage.sh: kube-apiserver away, then PostgreSQL away: requests are accepted or refused as they should be, nothing
# acknowledged is lost, and all goes on by itself.
. "$(dirname "$0")/lib.sh"
stack_up

# The API server is away: a kubeconfig whose server does not answer.
sed 's|"https://[0-9.:]*"|"https://127.0.0.1:9"|' "$KUBECONFIG" > "$work/away.yaml"
real=$KUBECONFIG
KUBECONFIG=$work/away.yaml cluster_set > /dev/null
watch_up
check 'kube-apiserver away: a create is accepted' create "outage-$$" minimal
unavailable() { [ "$(field "$id" .reason)" = ClusterUnavailable ]; }
check 'kube-apiserver away: the store says so' eventually 40 unavailable
readyz() { curl -sS -m 5 "http://localhost:$port/readyz?verbose"; }
degraded() { readyz | grep -qi 'kubernetes'; }
check 'kube-apiserver away: /readyz?verbose tells it' eventually 10 degraded
KUBECONFIG=$real cluster_set > /dev/null
check 'kube-apiserver back: the store becomes ready by itself' eventually 240 is "$id" ready

pg_stop immediate
api GET /api/v1/stores
check 'PostgreSQL away: 503' test "$status" = 503
check 'PostgreSQL away: Retry-After' bash -c "curl -sS -m 20 -D - -o /dev/null -H 'Authorization: Bearer $token' http://localhost:$port/api/v1/stores | grep -qi '^retry-after:'"
check 'PostgreSQL away: /readyz is 503' test "$(curl -sS -m 20 -o /dev/null -w '%{http_code}' "http://localhost:$port/readyz")" = 503
check 'PostgreSQL away: /livez is 200' test "$(curl -sS -m 20 -o /dev/null -w '%{http_code}' "http://localhost:$port/livez")" = 200
pg_start
answers() { api GET /api/v1/stores; [ "$status" = 200 ]; }
check 'PostgreSQL back: the API goes on' eventually 20 answers
check 'PostgreSQL back: the store is still there and ready' eventually 10 is "$id" ready
# A worker that tried the database within the last second may still say 503 with Retry-After.
delete_accepted() { api DELETE "/api/v1/stores/$id"; [ "$status" = 202 ]; }
check 'PostgreSQL back: a delete is accepted' eventually 10 delete_accepted
check 'PostgreSQL back: the reconciler goes on and carries it out' eventually 240 gone "$id"
exit $failed
