#!/usr/bin/env bash
# storeward-api behind a real web server (nginx or lighttpd): what it answers to good and bad requests, what is stored
# then, and that no worker is lost.  usage: test_api.sh nginx|lighttpd; what it needs: api_stack.sh
# shellcheck source=tests/integration/api_stack.sh
. "$(dirname "$0")/api_stack.sh"
stack_up
# shellcheck source=tests/integration/api_cases.sh
. "$here/api_cases.sh"
exit "$failed"
