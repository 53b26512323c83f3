#!/bin/sh
# Makes an empty data folder into a server, runs /docker-entrypoint-initdb.d/*.sql in it, and starts it.
# POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, that of the superuser postgres, is needed for the first
# start. PGDATA is a folder in the volume, which gets its name when all of it is done.
set -eu
new=$PGDATA.new

initialise() {
	rm -rf "$new"	# a first start that was cut short
	password=/tmp/password
	(umask 077 && printf %s "${POSTGRES_PASSWORD-}" > $password)
	[ -z "${POSTGRES_PASSWORD_FILE-}" ] || password=$POSTGRES_PASSWORD_FILE
	if [ ! -s "$password" ]; then
		echo "POSTGRES_PASSWORD is not set; set it (or _FILE) for the first start" >&2
		exit 1
	fi
	initdb -D "$new" --username=postgres --pwfile="$password" --encoding=UTF8 --locale=C.UTF-8 \
		--auth-host=scram-sha-256 --auth-local=trust --no-sync
	rm /tmp/password
	echo 'host all all all scram-sha-256' >> "$new/pg_hba.conf"
	pg_ctl -D "$new" -w -t 180 -o "-c listen_addresses='' -c fsync=off" start
	for file in /docker-entrypoint-initdb.d/*.sql; do
		[ ! -e "$file" ] || psql -qX -v ON_ERROR_STOP=1 -U postgres -f "$file" postgres
	done
	pg_ctl -D "$new" -w -t 180 -m fast stop
	initdb -D "$new" --sync-only
	mv -T "$new" "$PGDATA"
}

case ${1-} in
''|-*)	set -- postgres "$@" ;;
postgres) ;;
*)	exec "$@" ;;
esac
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	initialise
fi
exec "$@" -c listen_addresses='*' -c jit=off
