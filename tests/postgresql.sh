# A throw-away PostgreSQL for the test that sources this: below $work/pg, reached by its unix socket only; root is
# every role by peer authentication. The test calls pg_init and pg_start, and pg_stop before it removes $work.
# shellcheck shell=bash
pg_bin=$(dirname "$(find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)")
as_postgres() { (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups env -i PATH="$PATH" LC_ALL=C "$@"); }

pg_init() {
	install -d -o postgres -g postgres "$work/pg"
	as_postgres "$pg_bin/initdb" -D "$work/pg/data" -A peer -U postgres -E UTF8 --no-sync > "$work/initdb.log" 2>&1 || return
	echo 'local all all peer map=test' > "$work/pg/data/pg_hba.conf"
	{
		printf 'test root %s\n' postgres storeward_admin storeward_api storeward_reconcile storeward_auditor storeward_backup
		echo 'test postgres postgres'
	} > "$work/pg/data/pg_ident.conf"
}
pg_ctl() { as_postgres timeout 60 "$pg_bin/pg_ctl" -D "$work/pg/data" -w -s -l "$work/pg/log" "$@" > "$work/pg_ctl.log" 2>&1; }
pg_start() { pg_ctl -o "-k $work/pg -c listen_addresses= -c fsync=off" start; }
pg_stop() { pg_ctl -m "${1:-fast}" stop; }	# pg_stop [MODE]
