# The control plane: schema, first tenant, API, web server, reconciler.
# shellcheck shell=bash
admin_email=admin@demo.localhost

storeward() { "$state/inst/bin/storeward" --database "$(database_url "${role:-storeward_admin}")" "$@"; }

free() { ! ss -Hltn "sport = :$1" | grep -q .; }
ours() { [ -s "$state/run/web.pid" ] && ss -Hltnp "sport = :$1" | grep -q "pid=$(cat "$state/run/web.pid"),"; }
choose_port() {
	[ -n "$port" ] || port=$(remembered PORT)
	if [ -n "$port" ]; then
		# Or whoever listens there would be taken for this API.
		free "$port" || ours "$port" || die "port $port is taken by another program; name another with --port"
		return
	fi
	for port in $(seq 8080 8180); do free "$port" && return 0; done
	die 'no port from 8080 to 8180 is free; name one with --port'
}

web_server() {
	mkdir -p "$state/etc"
	sed -e "s|@PORT@|$port|g; s|@SOCKET@|$state/run/api/api.sock|g; s|@STATIC@|$state/inst/share/storeward/static|g" \
		-e "s|@RUN@|$state/run|g; s|@LOG@|$state/log|g; s|@USER@|www-data|g; s|@INGRESS@|$ingress|g" \
		"$state/inst/share/storeward/conf/nginx.conf" > "$state/etc/nginx.conf.new"
	local restart=
	cmp -s "$state/etc/nginx.conf.new" "$state/etc/nginx.conf" || restart=yes
	mv "$state/etc/nginx.conf.new" "$state/etc/nginx.conf"
	service web '' nginx -c "$state/etc/nginx.conf" -g 'daemon off;'	# its master is root, its workers www-data
}

# Programs that were built anew are restarted.
changed() {
	local sum
	sum=$(sha256sum "$state/inst/sbin/$1")
	[ "$sum" != "$(cat "$state/run/$1.sum" 2>/dev/null)" ] || return 1
	echo "$sum" > "$state/run/$1.sum"
}

control_plane() {
	choose_port
	api_url=http://localhost:$port
	ingress=${ingress:-${CLUSTER_NET:-10.90.0}.2:80}
	say 'starting the control plane'
	role=postgres storeward migrate
	storeward tenant add demo > /dev/null
	admin_password=$(remembered ADMIN_PASSWORD)
	[ -n "$admin_password" ] || admin_password=$(openssl rand -hex 12)
	storeward user add "$admin_email" --tenant demo --role owner --admin --password-file - <<< "$admin_password" > /dev/null
	storeward engines load "$state/inst/share/storeward/store-engines" > /dev/null

	local restart=
	# The web server's group owns the socket's folder, so that nobody else can connect.
	install -d -m 2750 -o storeward-api -g www-data "$state/run/api"
	install -d -m 750 -o root -g storeward-api "$state/run/kubeconfigs"
	! changed storeward-api || restart=yes
	groups=www-data service storeward-api storeward-api env STOREWARD_DATABASE_URL="$(database_url storeward_api)" \
		STOREWARD_SOCKET_GROUP=www-data STOREWARD_KUBECONFIG_DIR="$state/run/kubeconfigs" "$state/inst/sbin/storeward-api" --socket "$state/run/api/api.sock"
	restart=
	web_server
	eventually 30 curl -fsS -m 2 "$api_url/readyz" || die "the API does not answer; see $state/log/storeward-api/current and $state/log/web/current"

	install -d -m 700 -o storeward-reconcile -g storeward-reconcile "$state/helm"
	! changed storeward-reconcile || restart=yes
	service storeward-reconcile storeward-reconcile env STOREWARD_DATABASE_URL="$(database_url storeward_reconcile)" \
		STOREWARD_CLUSTER=local STOREWARD_HELM="$state/inst/bin/helm" STOREWARD_HELM_HOME="$state/helm" \
		"$state/inst/sbin/storeward-reconcile" --watch
	restart=
	token=$(remembered API_TOKEN)
	token_works || token=$(storeward token create --tenant demo --user "$admin_email" --name quickstart)
	register_cluster
	write_env
}

# The token goes to curl on a descriptor, not in argv.
auth() { printf 'header = "Authorization: Bearer %s"\n' "$token"; }
request() { curl -sS -m 20 -K <(auth) "$@"; }
token_works() { [ -n "$token" ] && request -f -o /dev/null "$api_url/api/v1/stores?limit=1" 2>/dev/null; }

write_env() {
	(
		umask 077
		cat > "$env_file.new" <<-EOF
		API_URL=$api_url
		DASHBOARD_URL=$api_url/
		PORT=$port
		ADMIN_EMAIL=$admin_email
		ADMIN_PASSWORD=$admin_password
		API_TOKEN=$token
		KUBECONFIG=${node_kubeconfig:-$state/run/kubeconfig}
		STORE_ID=${store_id:-}
		STORE_URL=${store_url:-}
		PGHOST=$pg_dir
		PGPORT=5432
		PGUSER=storeward_auditor
		PGDATABASE=storeward
		EOF
	)
	mv "$env_file.new" "$env_file"
}
