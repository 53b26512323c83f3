# Starts the cluster. Sourced by cluster.

DAEMONS='etcd kube-apiserver containerd kube-controller-manager kube-scheduler kubelet kube-proxy netpol ingress'

running() {
	local d
	for d in $DAEMONS; do alive "$d" || return 1; done
	kubectl get --raw /readyz > /dev/null 2>&1
}

# start NAME ARG...: in the cluster's network namespace and cgroup, with no tie to the caller.
start() {
	local name=$1
	shift
	(
		join_cgroup "$BASHPID"
		cd "$CLUSTER_DIR" || exit
		exec setsid nsenter --net="/run/netns/$NETNS" env -i HOME="$CLUSTER_DIR" \
			PATH="$CLUSTER_DIR/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$CLUSTER_DIR/bin/$name" "$@"
	) > "$CLUSTER_DIR/log/$name.log" 2>&1 < /dev/null 9>&- &
	echo $! > "$CLUSTER_DIR/run/$name.pid"
}

# The folders that hold the cluster's cgroup: one for each controller of v1, or one.
cgroup_roots() {
	if [[ $(stat -f -c %T /sys/fs/cgroup) == cgroup2fs ]]; then
		echo /sys/fs/cgroup
	else
		find /sys/fs/cgroup -mindepth 1 -maxdepth 1 -type d ! -name unified
	fi
}

make_cgroups() {
	local root
	for root in $(cgroup_roots); do
		mkdir -p "$root/$CGROUP"
		if [[ -f $root/cgroup.subtree_control ]]; then
			echo '+cpu +cpuset +memory +pids' | tee "$root/cgroup.subtree_control" > "$root/$CGROUP/cgroup.subtree_control"
		fi
		if [[ $root == */cpuset ]]; then	# v1 does not inherit these
			cat "$root/cpuset.cpus" > "$root/$CGROUP/cpuset.cpus"
			cat "$root/cpuset.mems" > "$root/$CGROUP/cpuset.mems"
		fi
	done
}

# The cgroup by which down finds all processes, those of the pods included.
process_cgroup() {
	if [[ -d /sys/fs/cgroup/pids ]]; then
		echo "/sys/fs/cgroup/pids/$CGROUP"
	else
		echo "/sys/fs/cgroup/$CGROUP"
	fi
}

join_cgroup() {
	local leaf
	leaf=$(process_cgroup)/daemons
	mkdir -p "$leaf" && echo "$1" > "$leaf/cgroup.procs"
}

make_network() {
	ip netns add "$NETNS" && ip link add "$VETH" type veth peer name eth0 netns "$NETNS" \
		&& ip addr add "$HOST_IP/24" dev "$VETH" && ip link set "$VETH" up \
		&& in_netns ip link set lo up && in_netns ip addr add "$NODE_IP/24" dev eth0 \
		&& in_netns ip link set eth0 up && in_netns ip route add default via "$HOST_IP" \
		&& in_netns sysctl -qw net.ipv4.ip_forward=1
}

start_control_plane() {
	local pki=$CLUSTER_DIR/pki etcd=http://127.0.0.1:2379
	start etcd --data-dir="$CLUSTER_DIR/etcd" --listen-client-urls=$etcd --advertise-client-urls=$etcd \
		--listen-peer-urls=http://127.0.0.1:2380 --unsafe-no-fsync
	start containerd -c "$CLUSTER_DIR/containerd.toml"
	start kube-apiserver --etcd-servers=$etcd --bind-address="$NODE_IP" --advertise-address="$NODE_IP" \
		--secure-port=6443 --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
		--client-ca-file="$pki/ca.crt" --service-account-key-file="$pki/sa.pub" \
		--service-account-signing-key-file="$pki/sa.key" \
		--service-account-issuer=https://kubernetes.default.svc \
		--service-cluster-ip-range="$SERVICE_NET" --authorization-mode=Node,RBAC \
		--enable-admission-plugins=NodeRestriction --allow-privileged=true \
		--kubelet-preferred-address-types=InternalIP --kubelet-certificate-authority="$pki/ca.crt" \
		--kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key"
	start kube-controller-manager --kubeconfig="$pki/controller-manager.conf" --leader-elect=false \
		--service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" \
		--use-service-account-credentials=true --allocate-node-cidrs=true \
		--cluster-cidr="$POD_NET" --node-cidr-mask-size="${NODE_POD_NET#*/}"
	start kube-scheduler --kubeconfig="$pki/scheduler.conf" --leader-elect=false
}

start_node() {
	local pki=$CLUSTER_DIR/pki
	start kubelet --config="$CLUSTER_DIR/kubelet.yaml" --kubeconfig="$pki/node.conf" \
		--hostname-override="$CLUSTER_NAME" --node-ip="$NODE_IP" --root-dir="$CLUSTER_DIR/kubelet"
	start kube-proxy --config="$CLUSTER_DIR/proxy.yaml"
	start netpol --kubeconfig="$pki/admin.conf"
	start ingress --kubeconfig="$pki/admin.conf" --class=local --http="$NODE_IP:80"
}

# import_image NAME: unless containerd has just this one.
import_image() {
	local stamp=$CLUSTER_DIR/containerd/stamps/$1 key
	key=$(stamp_of "image-$1")
	[[ $key && $(cat "$stamp" 2> /dev/null) == "$key" ]] && return
	ctr images import "$IMAGES/$1.tar" && mkdir -p "${stamp%/*}" && echo "$key" > "$stamp"
}

import_images() {
	local name
	for name in pause addons busybox python mariadb valkey postgresql medusa wordpress; do import_image $name || return; done
}

import_changed() { import_images > "$CLUSTER_DIR/log/images.log" 2>&1; }

# The pod that deletes a volume asks for CPU, or it would starve beside shops that do.
apply_addons() {
	sed -e 's#image: rancher/.*#image: sw.local/addons:1#' -e 's#image: busybox#image: sw.local/busybox:1#' \
		-e "s#/opt/local-path-provisioner#$CLUSTER_DIR/volumes#" -e '/- --debug/d' \
		-e 's#^  name: local-path$#&\n  annotations: {storageclass.kubernetes.io/is-default-class: "true"}#' \
		-e 's#^        imagePullPolicy: IfNotPresent$#&\n        resources: {requests: {cpu: 250m}}#' \
		"$PARTS/local-path.yaml" > "$CLUSTER_DIR/local-path.yaml"
	kubectl apply -f "$HERE/manifests" -f "$CLUSTER_DIR/local-path.yaml" > "$CLUSTER_DIR/log/addons.log" 2>&1
}

# available NAMESPACE DEPLOYMENT
available() { "$BIN/kubectl" -n "$1" rollout status "deploy/$2" --timeout=120s > /dev/null; }

# must WHAT LOG COMMAND...: says what was reached, or ends with the end of that log.
must() {
	local what=$1 log=$CLUSTER_DIR/log/$2.log
	shift 2
	"$@" && { say "$what"; return; }
	tail -n 15 "$log" >&2
	die "not reached: $what; see the logs in $CLUSTER_DIR/log, and run 'cluster down' to clean up"
}

up() {
	local b importer
	lock "/run/lock/storeward-cluster-$CLUSTER_NAME" 'up or down'
	if running; then
		must 'the images are those built' images import_changed
		say "$CLUSTER_NAME runs already, at $NODE_IP"
		return
	fi
	preflight > /dev/null || { preflight; exit 3; }
	for b in "$BIN"/{kube-node,containerd,runc,helm} "$IMAGES"/{medusa,wordpress}.tar "$PARTS/local-path.yaml"; do
		[[ -e $b ]] || die "$b is not built; run 'cluster build' first"
	done
	[[ -d $CLUSTER_DIR/run || -e /run/netns/$NETNS ]] && { say 'half of it is there: cleaning up'; take_down; }

	mkdir -p "$CLUSTER_DIR"/{bin,cni,ipam,kubelet,log,pki,pods,run,volumes} "$RUN_DIR/containerd"
	for b in "$BIN"/*; do ln -sfn "$(readlink -f "$b")" "$CLUSTER_DIR/bin/${b##*/}"; done
	make_cgroups && make_network && write_pki || die 'cgroups, network or certificates could not be made'
	write_cni && write_containerd && write_kubelet && write_proxy
	start_control_plane
	must 'containerd answers' containerd wait_for 60 ctr version
	import_changed 9>&- &
	importer=$!
	must 'the API server is ready' kube-apiserver wait_for 120 kubectl get --raw /readyz
	start_node
	must 'add-ons applied' addons wait_for 30 apply_addons
	must 'the node is ready' kubelet wait_for 120 \
		kubectl wait --for=condition=Ready "node/$CLUSTER_NAME" --timeout=1s
	must 'images imported' images wait $importer
	must 'DNS answers' kubelet available kube-system coredns
	must 'volumes can be had' kubelet available local-path-storage local-path-provisioner
	must 'the ingress listens' ingress wait_for 30 bash -c "exec 3<> /dev/tcp/$NODE_IP/80"
	say "$CLUSTER_NAME runs, at $NODE_IP"
}

load() {
	running || die "$CLUSTER_NAME does not run"
	ctr images import "$1"
}

status() {
	local d
	for d in $DAEMONS; do
		alive "$d" && echo "$d: runs" || echo "$d: does not run"
	done
	running || { echo "$CLUSTER_NAME does not run, or not wholly"; return 1; }
	kubectl get nodes,pods -A -o wide
}
