# The shop demo-store, by the same REST call that anybody would make.
# shellcheck shell=bash
find_store() {
	request -f "$api_url/api/v1/stores?limit=100" | jq -c '.[] | select(.name == "demo-store" and .status != "deleting")'
}

demo_store() {
	local body last='' line end has
	body=$(find_store)
	has=$(jq -r '.engine // empty' <<< "$body")
	[ -z "$has" ] || [ "$has" = "$engine" ] || say "demo-store is there already, with the engine $has; delete it for $engine"
	if [ -z "$body" ]; then
		say "creating demo-store ($engine)"
		body=$(request -X POST -H 'Content-Type: application/json' -d "{\"name\": \"demo-store\", \"engine\": \"$engine\"}" "$api_url/api/v1/stores")
	fi
	store_id=$(jq -r '.id // empty' <<< "$body")
	[ -n "$store_id" ] || die "demo-store was refused: $(jq -r '.detail // .' <<< "$body")"
	store_url=http://demo-store.localhost:$port
	end=$((SECONDS + 900))
	until [ "$(jq -r .status <<< "$body")" = ready ]; do
		((SECONDS < end)) || die "demo-store is not ready after 15 minutes: $(jq -r '"\(.reason): \(.message) \(.next_step)"' <<< "$body")"
		line=$(jq -r '[.status, .reason, .message] | map(select(. != null and . != "")) | join(" · ")' <<< "$body")
		[ "$line" = "$last" ] || say "  demo-store: $line"
		last=$line
		sleep 1
		body=$(request "$api_url/api/v1/stores/$store_id") || body='{}'
	done
	store_url=$(jq -r '.storefront_url' <<< "$body") store_url=${store_url%/}
	say 'demo-store is ready'
	eventually 30 curl -fsS -m 10 -o /dev/null "$store_url/" || die "$store_url does not answer 200; see $state/log/nginx.error.log"
	engine=$(jq -r .engine <<< "$body")
}

summary() {
	write_env
	printf '\n'
	printf '%-18s %s\n' 'Dashboard and API' "$api_url" 'Log-in' "$admin_email / $admin_password" 'API token' 'in var/quickstart.env'
	if [ -n "${store_url:-}" ]; then
		local namespace
		namespace=$(request "$api_url/api/v1/stores/$store_id" | jq -r .namespace)
		printf '%-18s %s\n' Shop "$store_url" "Its admin's login" "kubectl -n $namespace get secret store-credentials -o yaml"
	fi
	printf '%-18s %s\n' Database 'set -a; . var/quickstart.env; psql   (docs/audit.md)' Stop './quickstart --stop'
	say done
}
