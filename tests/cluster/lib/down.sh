# Ends the cluster and removes its traces, whatever state it is in. Sourced by cluster.

# processes: the ids of all that run in the cluster's cgroup.
processes() {
	local top
	top=$(process_cgroup)
	[[ ! -d $top ]] || find "$top" -name cgroup.procs -exec cat {} + 2> /dev/null
}

none_left() { [[ -z $(processes) ]]; }

stop_daemon() {
	local pid
	alive "$1" || return 0
	pid=$(cat "$CLUSTER_DIR/run/$1.pid")
	kill "$pid" 2> /dev/null
	wait_for 5 not_alive "$1" || kill -KILL "$pid" 2> /dev/null
}

not_alive() { ! alive "$1"; }

# empty_containerd: leaves the images only, so that the next start needs no import. Fails when
# containerd cannot tell.
empty_containerd() {
	ctr version > /dev/null 2>&1 || return
	find "$(process_cgroup)/kubepods" -name cgroup.procs -exec cat {} + 2> /dev/null | xargs -r kill -KILL 2> /dev/null
	ctr containers ls -q 2> /dev/null | xargs -r -P 4 -n 1 sh -c \
		'"$0" -a "$1" -n k8s.io tasks rm -f "$2"; "$0" -a "$1" -n k8s.io containers rm "$2"' "$BIN/ctr" "$SOCKET" \
		> /dev/null 2>&1
	[[ -z $(ctr containers ls -q 2> /dev/null) ]]
}

# mounts: the mount points below the cluster's folders, deepest first.
mounts() {
	awk -v a="$CLUSTER_DIR/" -v b="$RUN_DIR/" 'index($5, a) == 1 || index($5, b) == 1 { print $5 }' \
		/proc/self/mountinfo | sort -r
}

take_down() {
	local d m keep=containerd
	for d in kubelet kube-proxy netpol ingress kube-scheduler kube-controller-manager; do
		stop_daemon $d &
	done
	wait
	empty_containerd || keep=
	for d in kube-apiserver etcd containerd; do stop_daemon $d & done
	wait
	processes | xargs -r kill -KILL 2> /dev/null
	wait_for 10 none_left || say "these processes do not end: $(processes | tr '\n' ' ')"
	while read -r m; do umount -l "$(printf '%b' "$m")"; done < <(mounts)
	ip link del "$VETH" 2> /dev/null
	ip netns del "$NETNS" 2> /dev/null
	# Everywhere: the runtime makes folders in hierarchies that we do not ask for.
	find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name "$CGROUP" -exec find {} -depth -type d -delete \; 2> /dev/null
	rm -rf "$RUN_DIR" "$CLUSTER_DIR/containerd/io.containerd.grpc.v1.cri"
	[[ ! -d $CLUSTER_DIR ]] || find "$CLUSTER_DIR" -mindepth 1 -maxdepth 1 ! -name "${keep:-.}" -exec rm -rf {} +
	rmdir --ignore-fail-on-non-empty "${RUN_DIR%/*}" "$CLUSTER_DIR" 2> /dev/null
}

# down [--all]
down() {
	lock "/run/lock/storeward-cluster-$CLUSTER_NAME" 'up or down'
	take_down
	[[ $1 != --all ]] || rm -rf "$CLUSTER_DIR"
	say "$CLUSTER_NAME is down"
}
