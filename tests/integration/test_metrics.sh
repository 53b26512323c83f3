#!/usr/bin/env bash
# /metrics: a text that Prometheus takes, true to the number however many workers there are.
# usage: test_metrics.sh nginx|lighttpd; what it needs: api_stack.sh
# shellcheck source=tests/integration/api_stack.sh disable=SC2154,SC2317,SC2016,SC2119 # variables of api_stack.sh; functions are called through check; jq and eval expand
. "$(dirname "$0")/api_stack.sh"
stack_up

scrape() { curl -sS -m 15 -o "$work/metrics" -w '%{http_code} %{content_type}' "$base/metrics"; }
values() { scrape > /dev/null && "$here/metrics_text.py" "$@" < "$work/metrics"; }
same() { [ "$1" = "$(values "${@:2}" | paste -sd' ')" ]; }
# are VALUES SERIES...: an answer is counted a moment after it was sent.
are() { eventually 3 same "$@" || { values "${@:2}" | paste -sd' '; return 1; }; }
requests() { echo "http_requests_total{handler=\"$1\",method=\"$2\",status=\"$3\"}"; }

check 'metrics: 200 with the format in its type' [ "$(scrape)" = '200 text/plain; version=0.0.4; charset=utf-8' ]
check 'metrics: every line is as it should be' values
if command -v promtool > /dev/null; then
	# shellcheck disable=SC2016 # for the inner shell
	check 'metrics: promtool finds nothing wrong' bash -c 'promtool check metrics < "$1"' - "$work/metrics"
else
	echo "skip $web: metrics: promtool: not in PATH (package prometheus)"
fi

# --- Requests: on four workers, counted to the last.
before=$(values "$(requests /livez GET 2xx)")
for _ in $(seq 40); do echo "url = \"$base/livez\""; done > "$work/urls"
curl -sS -m 30 --parallel --parallel-max 8 -K "$work/urls" > "$work/out" 2>&1
check 'metrics: forty requests are forty, on all workers' are $((before + 40)) "$(requests /livez GET 2xx)"
id=00000000-0000-4000-8000-000000000000
as=a
call GET "/api/v1/stores/$id" ''
call GET "/api/v1/stores/$id/" ''
call GET /api/v1/stores ''
call HEAD /api/v1/stores ''
as=
call GET /api/v1/stores ''
call GET /api/v1/nothing ''
call PUT /api/v1/nothing ''
call GET '/api/v1/stores?limit=%zz' ''
check 'metrics: by route, method and class of status' are '2 1 1 1 1 1' "$(requests '/api/v1/stores/{id}' GET 4xx)" "$(requests /api/v1/stores GET 2xx)" \
	"$(requests /api/v1/stores HEAD 2xx)" "$(requests /api/v1/stores GET 4xx)" "$(requests none other 4xx)" \
	"http_request_duration_seconds_count{handler=\"/api/v1/stores\",method=\"HEAD\"}"
check 'metrics: what fits no route is one handler, none' are '2' "$(requests none GET 4xx)"
check 'metrics: neither ids nor names are labels' eval '! grep -E "00000000|nothing|a\.test" "$work/metrics"'
kill -9 "$(workers | head -n 1)"
check 'metrics: a worker that died takes no figures with it' eval 'eventually 10 count_is 4 && [ "$(values "$(requests /livez GET 2xx)")" -ge $((before + 40)) ]'
check 'metrics: four workers, one of them at this' are '4 1' storeward_workers storeward_workers_busy

# --- What the database knows.
as=a
for name in one two three; do call POST /api/v1/stores "$(store m-$name)"; done
sql "update storeward.store_status set phase = 'failed' where store_id = (select id from storeward.store where name = 'm-two')"
sql "update storeward.store set desired = 'absent' where name = 'm-three'"
check 'metrics: stores by status, also those that none has' are '1 1 1 0' 'storeward_stores{status="requested"}' 'storeward_stores{status="failed"}' \
	'storeward_stores{status="deleting"}' 'storeward_stores{status="ready"}'
sql "insert into storeward.reconcile_pass (cluster_id, holder, started_at, finished_at, stores, acted, waiting, errors, kubernetes)
	select id, 'test', timestamptz 'epoch' + interval '100 s', timestamptz 'epoch' + interval '102.5 s', 3, 2, 1, 0, 'ok' from storeward.cluster where name = 'local';
	insert into storeward.reconcile_pass (cluster_id, holder) select id, 'still at it' from storeward.cluster where name = 'local';
	insert into storeward.incident (cluster_id, kind, object, message, next_step) select id, 'MassDeletion', o, 'm', 'n' from storeward.cluster, unnest(array['x', 'y']) o where name = 'local'"
pass=storeward_reconcile
check 'metrics: the last finished pass of each cluster' are '102.5 2.5 3 2 1 0 5 -' "${pass}_last_pass_timestamp_seconds{cluster=\"local\"}" \
	"${pass}_pass_duration_seconds{cluster=\"local\"}" "${pass}_stores{cluster=\"local\"}" "${pass}_acted{cluster=\"local\"}" \
	"${pass}_waiting{cluster=\"local\"}" "${pass}_errors{cluster=\"local\"}" "${pass}_stores{cluster=\"full\"}" "${pass}_acted{cluster=\"full\"}"
check 'metrics: open incidents' are 2 'storeward_incidents_open{cluster="local",kind="MassDeletion"}'
sql "update storeward.incident set settled_at = now(), settled_by = 'x', resolution = 'y'"
check 'metrics: a settled one is none' are '- 1' 'storeward_incidents_open{cluster="local",kind="MassDeletion"}' storeward_database_up

pg_stop immediate
check 'metrics: the database is away: 200 all the same' [ "$(scrape)" = '200 text/plain; version=0.0.4; charset=utf-8' ]
check 'metrics: ... and that is a figure' are '0 - 4' storeward_database_up 'storeward_stores{status="ready"}' storeward_workers
pg_start
check 'metrics: ... until it is back' eventually 20 eval '[ "$(values storeward_database_up "storeward_stores{status=\"failed\"}" | paste -sd" ")" = "1 1" ]'
exit "$failed"
