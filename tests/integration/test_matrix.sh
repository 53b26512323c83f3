#!/usr/bin/env bash
# The permission matrix: every route x every role x own, foreign and unknown id x every kind of credential, good and bad,
# through the web server.  usage: test_matrix.sh [nginx|lighttpd]; what it needs: api_stack.sh, python3
# shellcheck disable=SC2016,SC2154,SC2034 # eval gets its text unexpanded; variables are shared with api_stack.sh
# shellcheck source=tests/integration/api_stack.sh
. "$(dirname "$0")/api_stack.sh"
stack_up 2 30
"$build/storeward-api" --routes > "$work/routes"
python3 "$here/matrix.py" "$port" "$work/routes" psql -h "$work/pg" -U postgres -qAtX -v ON_ERROR_STOP=1 storeward || failed=1
check 'nothing went wrong inside' nothing_wrong
exit "$failed"
