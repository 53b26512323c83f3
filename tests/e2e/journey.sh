#!/usr/bin/env bash
# journey.sh [ENGINE] [once|watch]: a store from REST to a shop that sells, and back to nothing. With `once` no
# process of ours stays alive between passes: storeward-reconcile --once is started every 60 s, as a CronJob does.
. "$(dirname "$0")/lib.sh"
engine=${1:-minimal} mode=${2:-watch} name=shop-$$
label="$engine, $mode"
if [ "$engine" = woocommerce ] && ! have_woocommerce; then
	echo "skip journey ($label): $no_package"
	exit 0
fi
stack_up

# With `once`: one pass each minute until the condition holds.
passes() {	# passes SECONDS COMMAND...
	local end=$((SECONDS + $1)) next=$SECONDS
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		if [ "$mode" = once ] && ((SECONDS >= next)); then
			next=$((SECONDS + 60))
			once
		fi
		sleep 0.5
	done
}

# The control plane's processes, by the database in their environment; none is a reconciler.
no_reconciler() {
	grep -lz "^STOREWARD_DATABASE_URL=host=$work/" /proc/[0-9]*/environ 2> /dev/null | cut -d/ -f3 | paste -sd, | xargs ps -o pid,ppid,args -p
	! grep -lz "^STOREWARD_DATABASE_URL=host=$work/.*storeward_reconcile" /proc/[0-9]*/environ 2> /dev/null | grep -q .
}

[ "$mode" = once ] || watch_up
began=$SECONDS
check "journey ($label): create is accepted" create "$name" "$engine"
check "journey ($label): becomes ready" passes 420 is "$id" ready
echo "# ready after $((SECONDS - began)) s"
if [ "$mode" = once ]; then
	check "journey ($label): no reconciler is alive between passes" no_reconciler
	sed 's/^/# /' "$work/out"
fi
check "journey ($label): storefront answers 200" eventually 20 front_ok "$name"
check "journey ($label): exactly the five products" five_products "$name" "$engine"
check "journey ($label): the checkout probe is on record" test "$(field "$id" '.conditions[] | select(.type == "CheckoutVerified") | .status')" = True
check "journey ($label): a pass at the fixpoint writes nothing" quiet "$ns"

if [ "$engine" = woocommerce ]; then
	check "order: bought with cash on delivery, seen in WordPress" "$e2e/order" "http://$name.localhost:$port" "$ns"
fi

"$e2e/observe" "$ns" "$id" "$(url postgres)" "$VOLUMES_DIR" > "$work/observed" & observer=$!
eventually 5 test -s "$work/observed"
api DELETE "/api/v1/stores/$id"
check "journey ($label): delete is accepted" test "$status" = 202
check "journey ($label): is gone" passes 420 gone "$id"
wait "$observer"
check "deletion ($label): release, then namespace and volumes, then the row" awk '
	{ for (i = 2; i <= NF; i++) { split($i, p, "="); v[p[1]] = p[2]; if (p[2] == 0 && !(p[1] in gone) && seen[p[1]]) gone[p[1]] = NR; if (p[2] > 0) seen[p[1]] = 1 }
	  if (v["row"] == 0 && (v["release"] || v["namespace"] || v["volumes"])) { print "row gone before the rest: " $0; bad = 1 }
	  if (v["row"] == 0 && !v["tombstone"]) { print "no tombstone: " $0; bad = 1 } }
	END { if (!seen["release"] || !seen["namespace"] || !seen["volumes"] || !seen["row"]) { print "not all was there before"; bad = 1 }
	      if (gone["release"] > gone["namespace"] || gone["release"] > gone["volumes"]) { print "release went last"; bad = 1 }
	      if (gone["row"] < gone["namespace"] || gone["row"] < gone["volumes"]) { print "row went early"; bad = 1 } exit bad }' "$work/observed"
awk '{ k = $2 $3 $4 $5 $6 } k != last { print "# " $0; last = k }' "$work/observed"
check "deletion ($label): the tombstone holds both looks" test "$(sql "select evidence ? 'first' and evidence ? 'second' from storeward.tombstone where store_id = '$id'")" = t
check "journey ($label): the audit chain is whole" test "$(sql 'select count(*) from report.audit_chains where broken_at is not null')" = 0
exit $failed
