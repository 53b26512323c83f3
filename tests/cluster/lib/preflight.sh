# What the machine must have. Sourced by cluster.

# check WHAT NEXT-STEP COMMAND...
check() {
	local what=$1 next=$2
	shift 2
	if "$@" > /dev/null 2>&1; then
		printf 'ok       %s\n' "$what"
	else
		printf 'MISSING  %s; %s\n' "$what" "$next"
		missing=1
	fi
}

has_cap() { (( (0x$(awk '/^CapEff/ { print $2 }' /proc/self/status) >> $1) & 1 )); }
has_overlay() { grep -qw overlay /proc/filesystems || modprobe overlay; }
has_nft() { command -v nft || return 0; unshare --net nft add table ip preflight; }
has_veth() { unshare --net ip link add p0 type veth peer name p1; }
has_cgroup() {
	[[ $(stat -f -c %T /sys/fs/cgroup) == cgroup2fs ]] && return
	local c
	for c in cpu cpuset memory pids devices freezer; do
		[[ -d /sys/fs/cgroup/$c && -w /sys/fs/cgroup/$c ]] || return
	done
}
has_memory() { (( $(awk '/^MemAvailable/ { print $2 }' /proc/meminfo) > 3 * 1024 * 1024 )); }
has_disk() {
	local d=$1
	until [[ -d $d ]]; do d=${d%/*}; d=${d:-/}; done
	(( $(df -Pk "$d" | awk 'NR == 2 { print $4 }') > $2 * 1024 * 1024 ))
}
net_free() { [[ -d /sys/class/net/$VETH ]] || ! ip -o addr | grep -qF " $CLUSTER_NET."; }

# preflight: prints a line for each need; 3 when one is not met.
preflight() {
	missing=0
	check 'root' 'run as root' test "$(id -u)" = 0
	check 'CAP_SYS_ADMIN (mounts, namespaces)' 'run outside a container, or in a privileged one' has_cap 21
	check 'CAP_NET_ADMIN (interfaces, nftables)' 'run outside a container, or in a privileged one' has_cap 12
	check 'overlayfs' 'load the kernel module overlay' has_overlay
	check 'network namespaces and veth' 'load the kernel module veth' has_veth
	check 'nftables' 'load the kernel module nf_tables' has_nft
	check 'cgroups: v2, or v1 with cpu cpuset memory pids devices freezer' \
		'mount them below /sys/fs/cgroup' has_cgroup
	check 'Debian'"'"'s package tools' 'use a Debian machine or container' command -v apt-get
	check 'an x86-64 or arm64 processor' 'use another machine' \
		grep -qxE 'x86_64|aarch64' <(uname -m)
	check '3 GiB of free memory' 'end other programs' has_memory
	check "5 GiB of free disk for $CACHE" 'set STOREWARD_CACHE to a larger disk' has_disk "$CACHE" 5
	check "5 GiB of free disk for $CLUSTER_DIR" 'set CLUSTER_DIR to a larger disk' has_disk "$CLUSTER_DIR" 5
	check "addresses $CLUSTER_NET.0/24 unused" 'set CLUSTER_NET to three free numbers, like 10.91.0' net_free
	return $((missing * 3))
}
