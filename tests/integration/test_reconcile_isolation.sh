#!/usr/bin/env bash
# Whether a shop is shut off is tried, and never assumed. Switches the test cluster's enforcement of network policies off for a
# while: nothing else may be on the cluster meanwhile.
. "$(dirname "$0")/reconcile_stack.sh"

# The enforcer; what it has set goes with its table.
enforced() { kill "-$1" "$(cat "${VOLUMES_DIR%/volumes}/run/netpol.pid")"; }
unenforced() { enforced STOP && nsenter --net="/run/netns/sw-${CLUSTER_NAME:-storeward}" nft delete table ip pod-policy; }
trap 'enforced CONT; down' EXIT

checked() { PERIOD=1 passes_until "$@"; }
isolation() { of "$1" conditions | jq -r '.[] | select(.type == "Isolation") | "\(.status) \(.reason) \(.message)"'; }
shut() { isolation "$1" | grep -qE "$2" || { isolation "$1"; k -n "$(of "$1" namespace)" get pods; return 1; }; }
look() { sql -c "update storeward.store_status set isolation_next_at = now() where store_id = '$(of one s.id)'"; }

create one
check 'a store is ready' exits 0 soon
alone() { [ "$(condition one Isolation)" = 'Unknown NoOtherStore' ] || { of one conditions; return 1; }; }
check 'whether it is isolated is not known without another one' alone
create tight
check 'with another one' exits 0 soon
other=$(of tight namespace)
check 'a shop is shut off from another and the API server' checked shut one "^True Blocked .*$other/shop-0:8080.*$other/shop:80.* API-server are not"
check 'and the other too' checked shut tight '^True Blocked'
look
unenforced
check 'and with its enforcement off it is not' checked shut one "^False Open .*$other/shop-0:8080.* API-server"
enforced CONT
look
check 'and is again when it is on again' checked shut one '^True Blocked'
k -n "$(of one namespace)" delete cronjob isolation > /dev/null
look
check 'a check that cannot run finds out nothing' checked shut one '^Unknown NotRun .*isolation'
wish one "desired = 'absent'"
wish tight "desired = 'absent'"
check 'both are deleted with proof' passes_until purged one tight
exit $failed
