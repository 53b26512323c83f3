#!/usr/bin/env bash
# broken.sh: a store whose image does not exist says why, and does not slow down a healthy one made with it.
. "$(dirname "$0")/lib.sh"
stack_up
watch_up

ready_time() {	# ready_time NAME: seconds from create to ready, in $took
	local t0
	t0=$(date +%s%N)
	create "$1" minimal && PERIOD=0.2 eventually 300 is "$id" ready && took=$((($(date +%s%N) - t0) / 1000000))
}
check 'a healthy store alone becomes ready' ready_time "alone-$$"
alone=$took

create "broken-$$" minimal
broken=$id
sql "update storeward.store set overrides = '{\"images\": {\"python\": \"sw.local/no-such-image:1\"}}' where id = '$broken'"
check 'a healthy store beside a broken one becomes ready' ready_time "beside-$$"
echo "# alone ${alone} ms, beside a broken one ${took} ms: ratio $(awk "BEGIN { printf \"%.2f\", $took / $alone }")"

says_why() { [ "$(field "$broken" .reason)" = ImagePullBackOff ] && [[ $(field "$broken" .message) == *sw.local/no-such-image:1* ]] && [ -n "$(field "$broken" .next_step)" ]; }
check 'the broken store says why: reason, image and next step' eventually 120 says_why
field "$broken" '"# " + .reason + ": " + .message + " Next: " + .next_step'
check 'the broken store is not ready' test "$(field "$broken" .status)" != ready
sql "update storeward.store set overrides = '{}' where id = '$broken'"
check 'once its image exists it becomes ready' eventually 180 is "$broken" ready
exit $failed
