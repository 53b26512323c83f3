# A control plane of the test's own, on the running cluster: PostgreSQL, storeward-api, a web server and the
# database rows they need. Sourced by the tests beside it; each prints "ok NAME" or "not ok NAME" lines.
# Needs root, the built programs in $BUILD and a cluster that is up. Stops only what it started.
# shellcheck shell=bash
set -uo pipefail
export LC_ALL=C
e2e=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$e2e/../.." && pwd)
build=${BUILD:-$top/var/build}
cache=${STOREWARD_CACHE:-$HOME/.cache/storeward}
web=${WEB:-nginx}
engines_dir=$top/charts/store-engines
failed=0
declare -A pids=()

# shellcheck source=/dev/null
. <("$top/tests/cluster/cluster" env)
export KUBECONFIG KUBECTL HELM NODE_IP

work=$(mktemp -d /tmp/storeward-e2e.XXXXXX)
chmod 755 "$work"
mkdir "$work/run" "$work/log"

k() { "$KUBECTL" --request-timeout=30s "$@"; }

ok() { echo "ok $1"; }
not_ok() { echo "not ok $1"; failed=1; return 1; }

# check NAME COMMAND...: one line; the command's output is shown when it fails.
check() {
	local name=$1
	shift
	if "$@" > "$work/out" 2>&1; then ok "$name"; else
		sed 's/^/# /' "$work/out" | tail -n 15
		not_ok "$name"
	fi
}

# eventually SECONDS COMMAND...: until it succeeds.
eventually() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep "${PERIOD:-0.5}"
	done
}

# start NAME COMMAND...: in the background, remembered by name, log in $work/log/NAME.
start() {
	local name=$1
	shift
	"$@" >> "$work/log/$name" 2>&1 < /dev/null &
	pids[$name]=$!
}

# stop NAME [SIGNAL]
stop() {
	[ -n "${pids[$1]:-}" ] || return 0
	kill "-${2:-TERM}" "${pids[$1]}" 2>/dev/null
	wait "${pids[$1]}" 2>/dev/null
	unset "pids[$1]"
}

# shellcheck source=tests/postgresql.sh
. "$top/tests/postgresql.sh"
sql() { psql -h "$work/pg" -U "${ROLE:-postgres}" -qAtX -v ON_ERROR_STOP=1 storeward -c "$1"; }

url() { echo "host=$work/pg user=$1 dbname=storeward"; }
storeward() { "$build/storeward" --database "$(url "${ROLE:-storeward_admin}")" "$@"; }

# --- The control plane.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

database_up() {
	pg_init && pg_start && psql -h "$work/pg" -U postgres -qX postgres -c 'create database storeward' &&
		ROLE=postgres storeward migrate > "$work/log/migrate" && storeward tenant add demo &&
		storeward user add owner@demo.test --tenant demo --role owner &&
		storeward engines load "$engines_dir" && token=$(storeward token create --tenant demo --user owner@demo.test --name e2e)
}

# What the local node gives each engine.
cluster_values() {
	local file engine
	echo '"*": {apiServiceAccount: {name: storeward-api, namespace: storeward}}'
	for file in "$engines_dir"/*/local-node.yaml; do
		engine=$(basename "$(dirname "$file")")
		printf '%s:\n' "$engine" && sed "s|^|  |; s|/usr/src/woocommerce.zip|${WOOCOMMERCE_PACKAGE:-&}|" "$file"
	done
}

cluster_set() {
	cluster_values > "$work/values.yaml"
	storeward cluster set local --base-domain localhost --kubeconfig "$KUBECONFIG" --url-scheme http --url-port "$port" \
		--ingress-class local --storage-class local-path --values "$work/values.yaml" "$@"
}

# The API's own identity in the cluster; by it, it reads a shop's credentials.
api_access() {
	mkdir -p "$work/kubeconfigs"
	"$top/scripts/api-access" --kubeconfig "$KUBECONFIG" --out "$work/kubeconfigs/local.kubeconfig"
}

api_up() {
	start api env STOREWARD_DATABASE_URL="$(url storeward_api)" STOREWARD_SOCKET_GROUP=www-data \
		STOREWARD_KUBECONFIG_DIR="$work/kubeconfigs" STOREWARD_WORKERS="${API_WORKERS:-6}" \
		"$build/storeward-api" --socket "$work/run/api.sock"
	eventually 10 test -S "$work/run/api.sock" || return
	sed -e "s|@PORT@|$port|g; s|@SOCKET@|$work/run/api.sock|g; s|@STATIC@|$top/static|g; s|@RUN@|$work/run|g" \
		-e "s|@LOG@|$work/log|g; s|@USER@|www-data|g; s|@INGRESS@|$NODE_IP:80|g" "$top/conf/$web.conf" > "$work/$web.conf"
	case $web in
	nginx) start web nginx -c "$work/nginx.conf" -g 'daemon off;' ;;
	lighttpd) start web lighttpd -D -f "$work/lighttpd.conf" ;;
	esac
	eventually 10 curl -fsS -m 2 -o /dev/null "http://localhost:$port/livez"
}

stack_up() {
	port=$(free_port)
	database_up && cluster_set && api_access && api_up && return
	tail -n 5 "$work"/log/* >&2
	not_ok 'the control plane starts'
	exit 1
}

stack_down() {
	local name
	for name in "${!pids[@]}"; do stop "$name"; done
	for ns in $(sql "select namespace from storeward.store" 2>/dev/null); do k delete namespace "$ns" --wait=false > /dev/null 2>&1; done
	pg_stop immediate
	if [ -n "${KEEP:-}" ]; then echo "# kept: $work"; else rm -rf "$work"; fi
}
trap stack_down EXIT

# --- The reconciler, as a CronJob would run it and as a service.
# It becomes the calling (sub)shell, so that the pid that start remembers is the reconciler's.
reconciler() {
	exec env STOREWARD_DATABASE_URL="$(url storeward_reconcile)" STOREWARD_CLUSTER=local STOREWARD_HELM="$HELM" \
		STOREWARD_SECOND_LOOK_S="${SECOND_LOOK_S:-3}" "${@:2}" "$build/storeward-reconcile" "$1"
}
once() { (reconciler --once "$@") >> "$work/log/reconcile" 2>&1; }
watch_up() { start reconcile reconciler --watch; }

# --- The API.
# api METHOD PATH [JSON]: sets $status and $body.
api() {
	local args=(-sS -m 30 -X "$1" -H "Authorization: Bearer $token" -o "$work/body" -w '%{http_code}')
	[ $# -lt 3 ] || args+=(-H 'Content-Type: application/json' -d "$3")
	status=$(curl "${args[@]}" "http://localhost:$port$2")
	body=$(cat "$work/body")
}

# create NAME ENGINE: sets $id and $ns.
create() {
	api POST /api/v1/stores "{\"name\": \"$1\", \"engine\": \"$2\"}"
	[ "$status" = 202 ] || { echo "$status $body"; return 1; }
	id=$(jq -r .id <<< "$body") ns=$(jq -r .namespace <<< "$body")
}
field() { api GET "/api/v1/stores/$1"; jq -r "$2 // \"\"" <<< "$body"; }
is() { [ "$(field "$1" .status)" = "$2" ]; }	# is ID STATUS
gone() { api GET "/api/v1/stores/$1"; [ "$status" = 404 ]; }

# --- The shop.
shop() { curl -sS -m 20 "http://$1.localhost:$port$2" "${@:3}"; }
front_ok() { [ "$(shop "$1" / -o /dev/null -w '%{http_code}')" = 200 ]; }
products() { "$engines_dir/$2/test/order" products "http://$1.localhost:$port" none | sort; }	# products NAME ENGINE: "name price" lines
five_products() { diff "$top/tests/engines/products" <(products "$1" "$2"); }
have_woocommerce() { [ -s "${WOOCOMMERCE_ZIP:-$cache/woocommerce.zip}" ]; }
no_package="no WooCommerce package at ${WOOCOMMERCE_ZIP:-$cache/woocommerce.zip}; put the plugin's zip there"

# --- A pass at the fixpoint writes nothing: no row, and no object's resourceVersion changes.
rows() {
	sql "select md5(string_agg(t, '' order by t)) from (select s::text || xmin from storeward.store s
		union all select s::text || xmin from storeward.store_status s union all select e::text from storeward.store_event e
		union all select v::text || xmin from storeward.store_volume v) x(t)"
}
objects() {
	k -n "$1" get secrets,configmaps,deployments,statefulsets,services,ingresses,jobs,cronjobs,networkpolicies,resourcequotas,persistentvolumeclaims \
		-o 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\n"}{end}'
	k get namespace "$1" -o 'jsonpath={.metadata.resourceVersion}'
}
passes_made() { sql 'select count(*) from storeward.reconcile_pass where finished_at is not null'; }
more_passes() { [ "$(passes_made)" -ge "$1" ]; }
# Kubernetes itself is done with what went before: it counts for a quota, for example, after a pod ended.
still() { local before; before=$(objects "$1"); sleep 2; [ "$before" = "$(objects "$1")" ]; }
quiet() {	# quiet NAMESPACE
	local before after made
	eventually 60 still "$1"
	before=$(rows; objects "$1")
	made=$(passes_made)
	[ -n "${pids[reconcile]:-}" ] || { once; once; }
	eventually 60 more_passes $((made + 2)) || { echo 'no two passes were made'; return 1; }
	after=$(rows; objects "$1")
	[ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after"); return 1; }
}
