# A private PostgreSQL: reached by its unix socket only, everyone by peer authentication, no password anywhere.
# shellcheck shell=bash
pg_dir=$state/pg
as_postgres() { (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=-all env -i PATH="$PATH" LC_ALL=C "$@"); }

# Which system user may be which role.
ident_map() {
	cat <<-'EOF'
	storeward root postgres
	storeward root storeward_admin
	storeward root storeward_auditor
	storeward postgres postgres
	storeward storeward-api storeward_api
	storeward storeward-reconcile storeward_reconcile
	EOF
}

postgresql() {
	pg_bin=$(dirname "$(find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)")
	[ ${#pg_dir} -lt 80 ] || die "the path $pg_dir is too long for a unix socket; clone into a shorter one"
	if [ ! -s "$pg_dir/data/PG_VERSION" ]; then
		say 'creating the database'
		rm -rf "$pg_dir"
		install -d -m 755 -o postgres -g postgres "$pg_dir"
		# Under another name until it is whole: one that was killed midway would never start.
		as_postgres "$pg_bin/initdb" -D "$pg_dir/data.new" -A peer -U postgres -E UTF8 > "$state/log/initdb.log"
		mv "$pg_dir/data.new" "$pg_dir/data"
	fi
	echo 'local all all peer map=storeward' > "$pg_dir/data/pg_hba.conf"
	ident_map > "$pg_dir/data/pg_ident.conf"
	service postgresql postgres "$pg_bin/postgres" -D "$pg_dir/data" -k "$pg_dir" -c listen_addresses= -c password_encryption=scram-sha-256
	# runit's TERM would wait for clients to go; INT is PostgreSQL's fast shutdown.
	mkdir -p "$state/service/postgresql/control"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nexec kill -INT "$(cat supervise/pid)"\n' > "$state/service/postgresql/control/t"
	chmod 755 "$state/service/postgresql/control/t"
	supervisor
	eventually 30 psql -h "$pg_dir" -U postgres -qAtX postgres -c 'select 1' || die "PostgreSQL does not start; see $state/log/postgresql/current"
	[ -n "$(psql -h "$pg_dir" -U postgres -qAtX postgres -c "select 1 from pg_database where datname = 'storeward'")" ] ||
		psql -h "$pg_dir" -U postgres -qAtX postgres -c 'create database storeward'
}

database_url() { echo "host=$pg_dir user=$1 dbname=storeward"; }
