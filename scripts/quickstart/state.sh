# Where everything is. The programs run as system users, so what they read must be reachable by others: where the
# tree is in a private folder (as /root is), var/ is a link to a folder below /var/lib.
# shellcheck shell=bash
reachable() { setpriv --reuid=nobody --clear-groups --inh-caps=-all test -x "$1" 2>/dev/null; }

if [ ! -e var ] && ! reachable "$top"; then
	state=/var/lib/storeward-quickstart/$(sha256sum <<< "$top" | cut -c1-8)
	mkdir -p "$state"
	chmod 755 /var/lib/storeward-quickstart "$state"
	ln -sfn "$state" var
fi
mkdir -p var/run var/log var/inst var/service
state=$(realpath var)
chmod 755 "$state" "$state"/{run,log,inst,service}
env_file=$state/quickstart.env

# A value that an earlier run wrote.
remembered() { [ ! -f "$env_file" ] || sed -n "s/^$1=//p" "$env_file"; }

# eventually SECONDS COMMAND...
eventually() {
	local end=$((SECONDS + $1))
	shift
	until "$@" > /dev/null 2>&1; do
		((SECONDS < end)) || return 1
		sleep 0.3
	done
}
