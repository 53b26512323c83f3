#!/bin/sh
# Makes an empty data folder into a server with one database and one user, then starts the server.
# MARIADB_ROOT_PASSWORD is needed for the first start; MARIADB_DATABASE, MARIADB_USER and
# MARIADB_PASSWORD are optional. Each may be given as NAME_FILE, a file that holds the value.
set -eu
data=/var/lib/mysql
run=/run/mysqld
[ -w "$run" ] || run=/tmp

# value NAME: the variable's value, or the content of the file that NAME_FILE names.
value() {
	eval "v=\${$1-} f=\${$1_FILE-}"
	if [ -n "$f" ]; then cat "$f"; else printf %s "$v"; fi
}

# quote TEXT: an SQL string literal.
quote() {
	printf "'%s'" "$(printf %s "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")"
}

# sql TEXT: a statement. Not by echo, to which a backslash means something.
sql() { printf '%s;\n' "$1"; }

initial_sql() {
	root=$(value MARIADB_ROOT_PASSWORD)
	database=$(value MARIADB_DATABASE | sed 's/`/``/g')
	user=$(value MARIADB_USER)
	sql "FLUSH PRIVILEGES"
	[ -z "$database" ] || sql "CREATE DATABASE \`$database\`"
	if [ -n "$user" ]; then
		who="$(quote "$user")@'%'"
		sql "CREATE USER $who IDENTIFIED BY $(quote "$(value MARIADB_PASSWORD)")"
		[ -z "$database" ] || sql "GRANT ALL ON \`$database\`.* TO $who"
	fi
	sql "DELETE FROM mysql.global_priv WHERE User = 'root' AND Host <> 'localhost'"
	sql "ALTER USER 'root'@'localhost' IDENTIFIED BY $(quote "$root")"
	sql "FLUSH PRIVILEGES"
}

# A first start that was cut short leaves its mark, and the next one begins afresh.
initialise() {
	if [ -z "$(value MARIADB_ROOT_PASSWORD)" ]; then
		echo "MARIADB_ROOT_PASSWORD is not set; set it (or _FILE) for the first start" >&2
		exit 1
	fi
	: > "$data/.initialising"
	find "$data" -mindepth 1 ! -name .initialising ! -name lost+found -delete
	mariadb-install-db --datadir="$data" --skip-test-db \
		--auth-root-authentication-method=normal > /dev/null
	initial_sql | mariadbd --datadir="$data" --bootstrap --skip-networking \
		--socket="$run/boot.sock" --pid-file="$run/boot.pid"
	rm "$data/.initialising"
}

case ${1-} in
''|-*)	set -- mariadbd "$@" ;;
mariadbd) ;;
*)	exec "$@" ;;
esac
if [ ! -d "$data/mysql" ] || [ -e "$data/.initialising" ]; then
	initialise
fi
exec "$@" --datadir="$data" --bind-address=0.0.0.0 --skip-name-resolve \
	--socket="$run/mysqld.sock" --pid-file="$run/mysqld.pid"
