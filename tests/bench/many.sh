#!/usr/bin/env bash
# How long lists, numbers and searches take with 10,000 stores of one tenant and 2,000 of another: through the web server,
# in milliseconds (median and worst of 15), and what PostgreSQL reads for it. Prints figures, judges nothing.
# usage: many.sh [nginx|lighttpd]; what it needs: tests/integration/api_stack.sh
# shellcheck disable=SC2034,SC2119,SC2154,SC2317 # variables are shared with api_stack.sh
# shellcheck source=tests/integration/api_stack.sh
. "$(dirname "$0")/../integration/api_stack.sh"
seed() {	# instead of the tests' own
	psql_as postgres < "$top/tests/bench/seed-many.sql" > /dev/null || return
	token[many]=$(make_token many)
	sql "insert into storeward.api_token (tenant_id, user_id, name, hash) select m.tenant_id, m.user_id, 'bench', sha256('${token[many]}')
		from storeward.membership m join storeward.tenant t on t.id = m.tenant_id where t.name = 'many'"
}
stack_up
as=many
S=/api/v1/stores
next() { header link | sed -n 's/^<\(.*\)>; rel="next"$/\1/p'; }
figure() {	# figure WHAT PATH
	local i
	for i in {1..20}; do curl -sS -m 30 -o /dev/null -w '%{http_code} %{time_total}\n' -H "Authorization: Bearer ${token[many]}" "$base$2"; done |
		tail -n 15 | sort -k2n | awk -v what="$1" '{ codes[$1]; t[NR] = $2 * 1000 } END { for (c in codes) printf "%s ", c; printf "%6.1f ms, worst %6.1f ms: %s\n", t[8], t[NR], what }'
}
for sort in -created_at name urgency changed_at; do
	figure "first page, $sort" "$S?sort=$sort"
	call GET "$S?sort=$sort&skip=4980" ''
	figure "a page in the middle by its cursor, $sort" "$(next)"
	figure "the last page by skip=9980, $sort" "$S?sort=$sort&skip=9980"
done
figure 'failed and degraded ones' "$S?status=failed,degraded&sort=urgency"
figure 'part of a name' "$S?q=99"
figure 'part of a name that none has' "$S?q=nothing"
figure 'summary' "$S/summary"
figure 'name-check' "$S/name-check?name=hello"
call GET "$S?limit=1&skip=5000" ''
id=$(jq -r '.[0].id' "$work/body")
figure 'one store' "$S/$id"
figure 'its events' "$S/$id/events"
figure 'audit log' /api/v1/audit-logs
figure 'audit log, text that is nowhere' '/api/v1/audit-logs?q=nothing'
figure 'audit log as CSV, 10,000 rows' '/api/v1/audit-logs?format=csv'
figure 'numbers' /api/v1/observability/metrics
figure 'history of 30 days' '/api/v1/observability/history?hours=720'
exit "$failed"
