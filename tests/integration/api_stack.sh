# The stack of the API's tests, for the test that sources this: storeward-api behind a real web server and a throw-away
# PostgreSQL, what is in it at first, and the words for requests and checks. The first argument is the web server, nginx
# when there is none. Needs root (it becomes postgres and www-data) and storeward-api in $BUILD (default: the working
# directory). Stops what it started, by process id. The test calls stack_up first, and ends with: exit "$failed"
# shellcheck shell=bash disable=SC2317,SC2012,SC2034 # functions are called through check and eventually
set -uo pipefail
export LC_ALL=C
web=${1:-nginx}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(cd "${BUILD:-.}" && pwd)
failed=0
declare -A pids=()

work=$(mktemp -d /tmp/storeward-api.XXXXXX)
chmod 755 "$work"
mkdir "$work/run" "$work/log"
# shellcheck disable=SC2034 # for the cases
fcgi=("$here/fcgi_peer.py" "$work/run/api.sock")

ok() { echo "ok $web: $1"; }
not_ok() { echo "not ok $web: $1"; failed=1; }
# check NAME COMMAND...: one line; the command's output is shown when it fails.
check() {
	local name=$1
	shift
	if "$@" > "$work/out" 2>&1; then ok "$name"; else tail -n 12 "$work/out" | sed 's/^/# /'; not_ok "$name"; fi
}
eventually() {	# eventually SECONDS COMMAND...
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.2
	done
}
stop() {	# stop NAME [SIGNAL]
	[ -n "${pids[$1]:-}" ] || return 0
	kill "-${2:-TERM}" "${pids[$1]}" 2> /dev/null
	wait "${pids[$1]}" 2> /dev/null
	unset "pids[$1]"
}

# shellcheck source=tests/postgresql.sh
. "$top/tests/postgresql.sh"
psql_as() { psql -h "$work/pg" -U "$1" -qAtX -v ON_ERROR_STOP=1 storeward "${@:2}"; }
sql() { psql_as postgres -c "$1"; }
pg_up() {
	pg_init || return
	pg_start && as_postgres createdb -h "$work/pg" storeward && psql_as postgres < "$top/sql/roles.sql" || return
	(echo 'set role storeward_owner;'; cat "$top"/sql/migrations/*.sql) | psql_as postgres -1 > /dev/null
}

# --- What the database holds. A token's last six digits are its check sum.
make_token() {
	python3 -c '
import sys, zlib
base = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
token = "storeward_pat_" + sys.argv[1].ljust(32, "x")
crc, check = zlib.crc32(token.encode()), ""
for _ in range(6):
    crc, check = crc // 62, base[crc % 62] + check
print(token + check)' "$1"
}
declare -A token=()
seed() {
	local row name tenant role expires revoked
	for row in 'a:a:owner:null:null' 'viewer:a:viewer:null:null' 'operator:a:operator:null:null' 'b:b:owner:null:null' \
		"expired:a:owner:now() - interval '1 s':null" 'revoked:a:owner:null:now()' 'unknown::::'; do
		IFS=: read -r name tenant role expires revoked <<< "$row"
		token[$name]=$(make_token "$name")
		[ -n "$tenant" ] || continue
		cat <<-EOF
		insert into tenant (name, max_stores) values ('$tenant', 30) on conflict do nothing;
		insert into app_user (email) values ('$name@$tenant.test');
		insert into membership select t.id, u.id, '$role' from tenant t, app_user u where t.name = '$tenant' and u.email = '$name@$tenant.test';
		insert into api_token (tenant_id, user_id, name, hash, expires_at, revoked_at)
			select m.tenant_id, u.id, '$name', sha256('${token[$name]}'), $expires, $revoked
			from membership m join app_user u on u.id = m.user_id where u.email = '$name@$tenant.test';
		EOF
	done > "$work/seed.sql"
	cat >> "$work/seed.sql" <<-'EOF'
	begin;
	insert into engine (name, version, title, default_plan, spec, chart_digest, loaded_at) values
		('shop', '1', 'Shop', 'old', '{}', 'x', now() - interval '1 day'), ('shop', '2', 'Shop', 'small', '{}', 'x', now()),
		('kiosk', '1', 'Kiosk', 'small', '{}', 'x', now());
	insert into plan (engine, engine_version, name, title, values, position) values ('shop', '1', 'old', 'Old', '{}', 0),
		('shop', '2', 'small', 'Small', '{}', 0), ('shop', '2', 'large', 'Large', '{}', 1), ('kiosk', '1', 'small', 'Small', '{}', 0);
	commit;
	insert into cluster (name, base_domain, created_at) values ('full', 'full.test', now() - interval '1 day'), ('local', 'localhost', now());
	update cluster set max_stores = 5 where name = 'full';
	insert into reconcile_pass (cluster_id, holder, finished_at, stores, errors, kubernetes, helm)
		select id, 'test', now(), 5, 0, 'ok', 'v4' from cluster where name = 'full';
	EOF
	(echo 'set search_path = storeward;'; cat "$work/seed.sql") | psql_as postgres
}
rows() { sql 'select count(*) from storeward.store'; }

# --- The API and the web server.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
base=http://localhost:$port
api_up() {	# api_up WORKERS REQUEST_TIMEOUT_S
	env STOREWARD_DATABASE_URL="host=$work/pg user=storeward_api dbname=storeward" STOREWARD_SOCKET_GROUP=www-data \
		STOREWARD_WORKERS="$1" STOREWARD_REQUEST_TIMEOUT_S="$2" "$build/storeward-api" --socket "$work/run/api.sock" \
		>> "$work/log/api" 2>&1 < /dev/null &
	pids[api]=$!
	eventually 10 answers
}
web_up() {
	mkdir "$work/static"
	cp "$top"/static/index.html "$work/static/" 2> /dev/null || echo '<!doctype html><title>Storeward</title>' > "$work/static/index.html"
	sed -e "s|@PORT@|$port|g; s|@SOCKET@|$work/run/api.sock|g; s|@STATIC@|$work/static|g; s|@RUN@|$work/run|g" \
		-e "s|@LOG@|$work/log|g; s|@USER@|www-data|g; s|@INGRESS@|127.0.0.1:9|g" "$top/conf/$web.conf" > "$work/$web.conf"
	case $web in
	nginx) nginx -c "$work/nginx.conf" -g 'daemon off;' >> "$work/log/web" 2>&1 & ;;
	lighttpd) lighttpd -D -f "$work/lighttpd.conf" >> "$work/log/web" 2>&1 & ;;
	*) echo "not ok $web is not a web server of this test"; exit 1 ;;
	esac
	pids[web]=$!
	eventually 10 curl -sS -m 2 -o /dev/null "$base/" 2> /dev/null
}
answers() { [ "$(curl -sS -m "${PATIENCE:-2}" -o /dev/null -w '%{http_code}' "$base/livez" 2> /dev/null)" = 200 ]; }
# No line of the API's log tells of a mistake of ours: of what PostgreSQL refused there is the answer's status only.
nothing_wrong() { ! grep -E '"class":"bug"|"status":"500"' "$work/log/api"; }
workers() { pgrep -P "${pids[api]}" | sort; }
count_is() { [ "$(workers | wc -l)" = "$1" ]; }

cleanup() {
	local name
	for name in "${!pids[@]}"; do stop "$name"; done
	pg_stop immediate
	if [ -n "${KEEP:-}" ]; then echo "# kept: $work"; else rm -rf "$work"; fi
}
trap cleanup EXIT

# --- Requests. call METHOD PATH [BODY]: sets $status; body and headers are in files. $as names the token, or the
# session of sign_in; extra has more of curl's arguments.
as=a
extra=()
declare -A cookie=()
call() {
	local args=(-sS -m 30 --path-as-is -X "$1" -o "$work/body" -D "$work/headers" -w '%{http_code}' -H "X-Request-Id: test-1")
	[ "$1" != HEAD ] || args+=(--head)
	if [ -n "${cookie[${as:-none}]:-}" ]; then args+=(-H "Cookie: __Host-storeward=${cookie[$as]}" -H 'X-Storeward-CSRF: 1')
	elif [ -n "$as" ]; then args+=(-H "Authorization: Bearer ${token[$as]:-$as}"); fi
	args+=("${extra[@]}")
	if [ -n "${3:-}" ]; then args+=(-H "Content-Type: ${type:-application/json}" --data-binary "$3")
	elif [ "$1" = POST ]; then args+=(-H 'Content-Length: 0'); fi	# as browsers do; lighttpd refuses it else
	: > "$work/body"
	status=$(curl "${args[@]}" "$base$2" 2> "$work/curl")
}
header() { grep -i "^$1:" "$work/headers" | tr -d '\r' | cut -d' ' -f2-; }
# person EMAIL PASSWORD [storeward's arguments]: a user who can sign in.
person() { "$build/storeward" --database "host=$work/pg user=postgres dbname=storeward" user add "$1" --password-file - "${@:3}" <<< "$2" > /dev/null; }
sign_in() {	# sign_in NAME EMAIL PASSWORD [TENANT]: from now on as=NAME is this session
	local as='' extra=(-H 'X-Storeward-CSRF: 1' "${extra[@]}")
	unset "cookie[$1]"
	call POST /api/v1/session "$(jq -nc --arg e "$2" --arg p "$3" --arg t "${4:-}" '{email: $e, password: $p} + if $t == "" then {} else {tenant: $t} end')"
	[ "$status" = 201 ] || return
	cookie[$1]=$(header set-cookie | sed -n 's/^__Host-storeward=\([A-Za-z0-9]*\);.*/\1/p')
}
# Each error of ours has this form, and the headers that go with every answer.
is_problem() {
	[ "$(header content-type)" = application/problem+json ] && [ "$(header cache-control)" = no-store ] &&
		[ "$(header x-content-type-options)" = nosniff ] && [ "$(header x-request-id)" = test-1 ] &&
		jq -e ".status == $status and .request_id == \"test-1\" and (.detail | length > 3) and .code and .title and .type" "$work/body" > /dev/null
}
# t NAME METHOD PATH BODY STATUS [JQ]: a status above 399 must also be a problem, unless JQ is "-" (the web server's own).
t() {
	local name=$1 want=$5 filter=${6:-.}
	call "$2" "$3" "$4"
	if [ "$status" != "$want" ]; then echo "# $2 $3: $status, not $want: $(head -c 300 "$work/body")"; not_ok "$name"; return; fi
	if [ "$filter" = - ]; then ok "$name"; return; fi
	if [ "$status" -ge 400 ] && ! is_problem; then cat "$work/headers"; head -c 300 "$work/body"; not_ok "$name: problem+json"; return; fi
	if [ "$filter" = . ] || jq -e "$filter" "$work/body" > /dev/null 2>&1; then ok "$name"
	else echo "# $filter: $(head -c 600 "$work/body")"; not_ok "$name"; fi
}
store() { printf '{"name":"%s","engine":"%s"}' "$1" "${2:-shop}"; }

stack_up() {	# stack_up [WORKERS [REQUEST_TIMEOUT_S]]
	local part
	for part in pg_up seed web_up "api_up ${1:-4} ${2:-30}"; do
		$part || { tail -n 5 "$work"/log/* >&2; not_ok "$part"; exit 1; }
	done
}
