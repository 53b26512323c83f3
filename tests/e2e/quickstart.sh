#!/usr/bin/env bash
# quickstart.sh: ./quickstart from a clean clone ends with a shop that sells; again it changes nothing; --stop leaves
# no process. Uses the cluster that CLUSTER_NAME and CLUSTER_NET name, and takes it down at the end.
set -uo pipefail
export LC_ALL=C
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/storeward-quickstart.XXXXXX)
chmod 755 "$work"
failed=0
check() {
	local name=$1
	shift
	if "$@" > "$work/out" 2>&1; then echo "ok quickstart: $name"; else
		sed 's/^/# /' "$work/out" | tail -n 15
		echo "not ok quickstart: $name"
		failed=1
	fi
}
trap 'cd /; [ ! -x "$work/clone/quickstart" ] || "$work/clone/quickstart" --stop > /dev/null 2>&1; [ ! -L "$work/clone/var" ] || rm -rf "$(realpath "$work/clone/var")"; rm -rf "$work"' EXIT

# Whoever owns the tree: it is only read.
git -c safe.directory='*' clone -q "$top" "$work/clone" || exit
cd "$work/clone" || exit
value() { sed -n "s/^$1=//p" var/quickstart.env; }
front() { [ "$(curl -sS -m 20 -o /dev/null -w '%{http_code}' "$(value STORE_URL)/")" = 200 ]; }
stores() { curl -fsS -m 20 -H "Authorization: Bearer $(value API_TOKEN)" "$(value API_URL)/api/v1/stores"; }
order() {
	"charts/store-engines/$(stores | jq -r '.[0].engine')/test/order" "$@" | sort
}
five_products() { diff tests/engines/products <(order products "$(value STORE_URL)" none); }
sells() { [ -n "$(order place "$(value STORE_URL)" none)" ]; }
auditor() { PGHOST=$(value PGHOST) PGPORT=$(value PGPORT) PGUSER=$(value PGUSER) PGDATABASE=$(value PGDATABASE) psql -XAtc "$1"; }
same_store() { [ "$(value STORE_ID)" = "$id" ] && [ "$(value API_TOKEN)" = "$token" ] && [ "$(stores | jq length)" = 1 ]; }
page() { curl -sS -m 10 "$(value DASHBOARD_URL)" | grep -q '<title>Storeward</title>'; }
users() { ps -eo user:32,args | awk -v var="$(realpath var)" '/awk/ {next} index($0, var "/inst/sbin/") && $1 != "storeward-api" && $1 != "storeward-reconcile" && $2 != "runsv" {print; bad = 1} END {exit bad}'; }
nothing_left() { ! pgrep -af "$(realpath var)/"; }

# chooses ENGINE-NAMED PROXY ZIP KUBECONFIG: what choose_engine makes of it, and what it says.
chooses() {
	(
		engine=$1 kubeconfig=$4 state=$work STOREWARD_CACHE=$work
		export WOOCOMMERCE_ZIP=$3 https_proxy=$2
		say() { echo "say: $*"; }
		die() { echo "die: $*"; exit; }
		# shellcheck source=/dev/null
		. scripts/quickstart/cluster.sh
		choose_engine
		echo "engine: $engine"
	) | sed '/^say: downloading/d'
}
mkdir "$work/log" && echo zip > "$work/there.zip"
unreachable=http://127.0.0.1:9
check 'WooCommerce where its package is there' test "$(chooses '' $unreachable "$work/there.zip" '')" = 'engine: woocommerce'
chooses '' $unreachable "$work/none.zip" '' > "$work/said"
check 'Medusa where it cannot be had, said in one line' test "$(grep -c '^say: WooCommerce cannot be had (curl:.*made with medusa' "$work/said") $(wc -l < "$work/said") $(tail -n 1 "$work/said")" = '1 2 engine: medusa'
check 'minimal where the cluster is another one too' test "$(chooses '' $unreachable "$work/none.zip" x | tail -n 1)" = 'engine: minimal'
check 'WooCommerce that was asked for and cannot be had ends it' grep -q '^die: .*--engine medusa' <(chooses woocommerce $unreachable "$work/none.zip" '')
check 'the engine that was asked for' test "$(chooses minimal $unreachable "$work/none.zip" '')" = 'engine: minimal'
no_such_engine() { ! ./quickstart --engine nosuch > "$work/said" 2>&1 && grep -q 'there are medusa minimal woocommerce' "$work/said"; }
check 'no engine of that name: says which there are' no_such_engine

began=$SECONDS
check 'ends well from a clean clone' ./quickstart
echo "# $((SECONDS - began)) s"
check 'the storefront answers 200' front
check 'exactly the five products' five_products
check 'takes an order' sells
check 'the page is served' page
check 'the programs run as users of their own' users
check 'var/quickstart.env is for root only' test "$(stat -c %a var/quickstart.env)" = 600
check 'its PG* open psql as the auditor' test "$(auditor "select current_user || ' ' || status from report.stores")" = 'storeward_auditor ready'
id=$(value STORE_ID) token=$(value API_TOKEN)
began=$SECONDS
check 'runs again' ./quickstart
echo "# $((SECONDS - began)) s"
check 'again is the same store and token' same_store
check 'stops' ./quickstart --stop
check 'leaves no process' nothing_left
exit $failed
