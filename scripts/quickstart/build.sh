# Packages by name, the programs from this tree, and system users for them.
# shellcheck shell=bash
wanted_packages=(autoconf automake autoconf-archive pkg-config make gcc libfcgi-dev libcurl4-openssl-dev libjson-c-dev
	libyaml-dev libpq-dev libssl-dev zlib1g-dev postgresql nginx-light runit jq curl openssl ca-certificates libnss-myhostname
	util-linux procps iproute2 python3 python3-venv)

# install_packages NAME...: those that are missing.
install_packages() {
	local missing
	missing=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | awk '$2 == "installed" {print $1}' | sort | comm -13 - <(printf '%s\n' "$@" | sort))
	[ -n "$missing" ] || return 0
	say "installing packages: $(tr '\n' ' ' <<< "$missing")"
	mkdir -p /etc/postgresql-common
	# The package's own database cluster is not wanted, nor are started services.
	[ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
	# shellcheck disable=SC2086
	{ apt-get update -qq -o DPkg::Lock::Timeout=300 && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
		apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 $missing; } > "$state/log/apt.log" 2>&1 ||
		die "packages could not be installed; see $state/log/apt.log"
}

packages() { install_packages "${wanted_packages[@]}"; }

programs() {
	say 'building the programs'
	{
		[ -x configure ] && [ configure -nt configure.ac ] && [ Makefile.in -nt Makefile.am ] || autoreconf -fi
		mkdir -p "$state/build" && cd "$state/build" &&
			{ [ Makefile -nt "$top/configure" ] || "$top/configure" --prefix="$state/inst"; } &&
			make -j"$(nproc)" && rm -rf "$state/inst/share" && make install
	} > "$state/log/build.log" 2>&1 || { tail -n 5 "$state/log/build.log" >&2; die "the build failed; see $state/log/build.log"; }
	cd "$top"
}

users() {
	local user
	for user in storeward-api storeward-reconcile; do
		id "$user" > /dev/null 2>&1 || adduser --system --group --quiet --no-create-home --home /nonexistent "$user"
	done
}
