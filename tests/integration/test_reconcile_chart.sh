#!/usr/bin/env bash
# A store is made from the chart of its version, as the database has it: whatever becomes of the folder, until it is upgraded, and
# with a plain word where the chart is missing.
# shellcheck source=tests/integration/reconcile_stack.sh
. "$(dirname "$0")/reconcile_stack.sh"

old=$(sed -n 's/^version: //p' "$engines/minimal/Chart.yaml") new=99.0.0
mark() { echo "$1" > "$engines/minimal/files/mark"; }	# all files of the example go into a ConfigMap
marked() { [ "$(k -n "$(of "$1" namespace)" get configmap files -o 'jsonpath={.data.mark}')" = "$2" ]; }	# marked STORE MARK
again() { wish "$1" 'retries = retries + 1' && soon && is "$1" ready; }
changed_and_gone() {
	sed -i "s/^version: .*/version: $new/" "$engines"/minimal/{Chart,engine}.yaml && mark newer && storeward engines load "$engines" &&
		mv "$engines" "$work/away" && again one && marked one '' && [ "$(of one engine_version)" = "$old" ]
}
newest() { create two && soon && is two ready && marked two newer && marked one ''; }
upgraded() { wish one "engine_version = '$new'" && soon && is one ready && marked one newer; }
replaced() { mv "$work/away" "$engines" && mark replaced && storeward engines load "$engines" && passes_until marked two replaced && soon && is two ready; }
missing() {
	sql -c "delete from storeward.chart where engine_version = '$new'"
	wish two 'retries = retries + 1'
	once
	[ "$(of two 'reason, message')" = "ChartMissing|The chart of minimal $new is not in the database; load it again: storeward engines load." ] &&
		marked two replaced && [ "$(answers two)" = 200 ]
}
loaded_again() { storeward engines load "$engines" && again two; }

rendered() {	# the table's archive is the chart in the folder
	local values=$top/tests/charts/identity.yaml
	sql -c "select encode(archive, 'base64') from storeward.chart where engine = 'minimal'" | base64 -d > "$work/minimal.tgz"
	"$HELM" template s "$work/minimal.tgz" -f "$values" > "$work/of-archive" && "$HELM" template s "$engines/minimal" -f "$values" > "$work/of-folder" &&
		[ -s "$work/of-archive" ] && cmp "$work/of-archive" "$work/of-folder"
}
check 'helm renders the archive as it renders the folder' rendered
create one
check 'a store is made from the database alone' exits 0 soon
check 'it keeps its chart when the folder has a newer version, and when the folder is gone' changed_and_gone
check 'a new store is made from the newest version' newest
check 'an upgraded one too' upgraded
check 'the same version with other contents is applied again' replaced
check 'a chart that is missing is said, and the shop sells on' missing
check 'once it is loaded again the store goes on' loaded_again
exit $failed
