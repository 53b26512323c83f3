# Names, folders and small helpers that the other files share. Sourced, never run.

CLUSTER_NAME=${CLUSTER_NAME:-storeward}
CLUSTER_NET=${CLUSTER_NET:-10.90.0}		# a /24: the host is .1, the node .2
CLUSTER_DIR=${CLUSTER_DIR:-/var/lib/storeward-cluster/$CLUSTER_NAME}
CACHE=${STOREWARD_CACHE:-$HOME/.cache/storeward}
PARTS=$CACHE/cluster				# what `build` makes
BIN=$PARTS/bin
IMAGES=$PARTS/images

HOST_IP=$CLUSTER_NET.1
NODE_IP=$CLUSTER_NET.2
NETNS=sw-$CLUSTER_NAME
VETH=sw$(printf %s "$CLUSTER_NAME" | cksum | cut -c1-8)	# interface names have 15 characters
RUN_DIR=/run/storeward-cluster/$CLUSTER_NAME
SOCKET=$RUN_DIR/containerd/containerd.sock
CGROUP=storeward-$CLUSTER_NAME
PATH=$PATH:/usr/local/go/bin:/usr/sbin:/sbin
export KUBECONFIG=$CLUSTER_DIR/pki/admin.conf

[[ $CLUSTER_NAME =~ ^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$ ]] || {
	echo "cluster: CLUSTER_NAME is not a DNS label of at most 30 characters" >&2
	exit 2
}
[[ $CLUSTER_DIR == /?*/?* ]] || {
	echo "cluster: CLUSTER_DIR must be an absolute path at least two folders deep" >&2
	exit 2
}

say() { printf '%6.1f s  %s\n' "$(elapsed)" "$*"; }
die() { printf 'cluster: %s\n' "$*" >&2; exit 1; }
elapsed() { awk -v a="$STARTED" 'BEGIN { getline t < "/proc/uptime"; split(t, u, " "); print u[1] - a }'; }
STARTED=$(cut -d' ' -f1 /proc/uptime)

# lock FILE WHAT: one holder at a time, for as long as this shell lives. Children must not inherit
# it: start them with 9>&-.
lock() {
	mkdir -p "${1%/*}"
	exec 9> "$1"
	flock -n 9 && return
	say "another $2 is running; waiting for it"
	flock -w 3600 9 || die "the other $2 did not end within an hour"
}

# wait_for SECONDS COMMAND...: until the command succeeds; fails when the time is over.
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" > /dev/null 2>&1; do
		((SECONDS < end)) || return 1
		sleep 0.1
	done
}

kubectl() { "$BIN/kubectl" --request-timeout=20s "$@"; }
ctr() { "$BIN/ctr" -a "$SOCKET" -n k8s.io "$@"; }
in_netns() { nsenter --net="/run/netns/$NETNS" "$@"; }

# alive NAME: whether the process of that pid file lives and is still the same program.
alive() {
	local pid
	pid=$(cat "$CLUSTER_DIR/run/$1.pid" 2> /dev/null) || return 1
	[[ -r /proc/$pid/cmdline ]] && tr '\0' ' ' < "/proc/$pid/cmdline" | grep -q "^$CLUSTER_DIR/bin/$1 "
}
