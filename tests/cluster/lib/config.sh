# Certificates and the configuration files of one cluster. Sourced by cluster.

SERVICE_NET=10.96.0.0/16
DNS_IP=10.96.0.10
POD_NET=10.244.0.0/16
NODE_POD_NET=10.244.0.0/22	# more addresses than maxPods
MAX_PODS=250

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2> /dev/null; }

# certificate NAME SUBJECT SAN: signed by ca.
certificate() {
	new_key "$1" && openssl req -new -key "$1.key" -subj "$2" -out "$1.csr" \
		&& openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -out "$1.crt" \
			-extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$3") 2> /dev/null
}

kubeconfig() {
	cat > "$1.conf" << EOT
apiVersion: v1
kind: Config
clusters:
- name: $CLUSTER_NAME
  cluster: {server: "https://$NODE_IP:6443", certificate-authority-data: $(base64 -w0 ca.crt)}
users:
- name: $1
  user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}
contexts:
- name: $CLUSTER_NAME
  context: {cluster: $CLUSTER_NAME, user: $1}
current-context: $CLUSTER_NAME
EOT
}

write_pki() (
	umask 077
	cd "$CLUSTER_DIR/pki" && new_key ca || return
	openssl req -x509 -key ca.key -days 365 -subj "/CN=$CLUSTER_NAME" -out ca.crt
	local k=kubernetes s=/CN=system:kube
	certificate apiserver /CN=kube-apiserver \
		"DNS:$k,DNS:$k.default,DNS:$k.default.svc,IP:10.96.0.1,IP:$NODE_IP,IP:127.0.0.1" \
		&& certificate admin /O=system:masters/CN=admin DNS:admin \
		&& certificate controller-manager $s-controller-manager DNS:controller-manager \
		&& certificate scheduler $s-scheduler DNS:scheduler \
		&& certificate proxy $s-proxy DNS:proxy \
		&& certificate node "/O=system:nodes/CN=system:node:$CLUSTER_NAME" "DNS:$CLUSTER_NAME,IP:$NODE_IP" \
		|| return
	openssl genrsa -out sa.key 2048 2> /dev/null && openssl rsa -in sa.key -pubout -out sa.pub 2> /dev/null
	local user
	for user in admin controller-manager scheduler proxy node; do kubeconfig $user; done
)

write_cni() {
	# ptp, not bridge: every packet between pods is routed, so that netpol sees it.
	cat > "$CLUSTER_DIR/cni/10-pods.conflist" << EOT
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "ptp", "ipMasq": false, "ipam": {"type": "host-local", "dataDir": "$CLUSTER_DIR/ipam",
   "ranges": [[{"subnet": "$NODE_POD_NET"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
EOT
}

write_containerd() {
	cat > "$CLUSTER_DIR/containerd.toml" << EOT
version = 3
root = "$CLUSTER_DIR/containerd"
state = "$RUN_DIR/containerd"
[grpc]
  address = "$SOCKET"
[plugins."io.containerd.cri.v1.runtime"]
  # Without CAP_SYS_RESOURCE no process may lower its oom_score_adj.
  restrict_oom_score_adj = true
  # Pods' network namespaces go where down looks for mounts.
  netns_mounts_under_state_dir = true
[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["/usr/lib/cni"]
  conf_dir = "$CLUSTER_DIR/cni"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
  SystemdCgroup = false
  BinaryName = "$CLUSTER_DIR/bin/runc"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "sw.local/pause:1"
EOT
}

write_kubelet() {
	cat > "$CLUSTER_DIR/kubelet.yaml" << EOT
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
enforceNodeAllocatable: []
podLogsDir: $CLUSTER_DIR/pods
maxPods: $MAX_PODS
containerRuntimeEndpoint: unix://$SOCKET
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $CLUSTER_DIR/pki/ca.crt}
authorization: {mode: Webhook}
clusterDNS: [$DNS_IP]
clusterDomain: cluster.local
tlsCertFile: $CLUSTER_DIR/pki/node.crt
tlsPrivateKeyFile: $CLUSTER_DIR/pki/node.key
address: $NODE_IP
healthzPort: 0
resolvConf: ""
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi}
EOT
}

write_proxy() {
	# The sysctls of conntrack may not be writable: leave them all as they are.
	cat > "$CLUSTER_DIR/proxy.yaml" << EOT
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: $POD_NET
clientConnection: {kubeconfig: $CLUSTER_DIR/pki/proxy.conf}
hostnameOverride: $CLUSTER_NAME
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
EOT
}
