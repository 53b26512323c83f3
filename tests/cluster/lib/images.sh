# Builds the container images from images/ without Docker. Sourced by cluster.
# An image's stamp is the key of all its inputs; `up` compares it with what containerd has.

SUITE=trixie
BASE=sw.local/debian:$SUITE
PLAIN=sw.local/wordpress-plain:1
TRUST=/etc/ssl/certs/ca-certificates.crt	# for what an image fetches over HTTPS
WOOCOMMERCE_ZIP=${WOOCOMMERCE_ZIP:-$CACHE/woocommerce.zip}

buildah() {
	command buildah --storage-driver overlay --root "$PARTS/buildah" --runroot "$PARTS/buildah-run" "$@"
}

# build_image REF CONTAINERFILE BASE FILE...: with the Containerfile's folder and the further files as
# its context.
build_image() {
	local ref=$1 file=$2 base=$3 context rc=0
	shift 3
	context=$(mktemp -d "$PARTS/context.XXXXXX")
	cp -r "${file%/*}/." "$@" "$context" \
		&& buildah bud --isolation chroot --layers --pull-never --build-arg "BASE=$base" \
			-f "$context/${file##*/}" -t "$ref" "$context" || rc=1
	rm -rf "$context"
	return $rc
}

# save_image NAME REF: as NAME.tar, for `up`.
save_image() {
	rm -f "$IMAGES/$1.tar.tmp"
	buildah push "$2" "docker-archive:$IMAGES/$1.tar.tmp:$2" && mv "$IMAGES/$1.tar.tmp" "$IMAGES/$1.tar"
}

make_base() {
	mmdebstrap --variant=minbase --include=ca-certificates $SUITE "$PARTS/base.tar.tmp" \
		&& mv "$PARTS/base.tar.tmp" "$PARTS/base.tar" \
		&& build_image "$BASE" "$SOURCES/debian/Containerfile" scratch "$PARTS/base.tar"
}

make_pause() { gcc -O2 -static -s -o "$PARTS/pause" "$SOURCES/pause/pause.c"; }

# make_image NAME FILE...
make_image() {
	local ref=sw.local/$1:1
	build_image "$ref" "$SOURCES/$1/Containerfile" "$BASE" "${@:2}" && save_image "$1" "$ref"
}

# image NAME FILE...: builds images/NAME with the further files, unless nothing of it changed.
image() {
	part "image-$1" "$(key "$(stamp_of base)" "$SOURCES/$1" "${@:2}")" make_image "$@"
}

make_wordpress_with() {
	build_image sw.local/wordpress:1 "$SOURCES/wordpress/woocommerce.Containerfile" "$PLAIN" "$1" \
		&& save_image wordpress sw.local/wordpress:1
}

# wordpress: WooCommerce is a layer upon the plain image, so that another release costs little.
wordpress() {
	local zip=$PARTS/woocommerce.zip plain
	plain=$(key "$(stamp_of base)" "$SOURCES"/wordpress/{Containerfile,entry.sh,*.conf,*.php,*.ini,*.pref})
	part image-wordpress-plain "$plain" build_image "$PLAIN" "$SOURCES/wordpress/Containerfile" "$BASE"
	if [[ -f $WOOCOMMERCE_ZIP ]]; then
		cp "$WOOCOMMERCE_ZIP" "$zip"
		part image-wordpress "$(key "$plain" "$zip" "$SOURCES/wordpress/woocommerce.Containerfile")" \
			make_wordpress_with "$zip"
	else
		say "image-wordpress: without WooCommerce, since $WOOCOMMERCE_ZIP does not exist"
		part image-wordpress "$plain" make_wordpress_without
	fi
}

make_wordpress_without() {
	buildah tag "$PLAIN" sw.local/wordpress:1 && save_image wordpress sw.local/wordpress:1
}

build_images() {
	part base "$(key $SUITE "$SOURCES/debian")" make_base
	part pause "$(key "$SOURCES/pause/pause.c")" make_pause
	image pause "$PARTS/pause"
	image busybox "$(command -v busybox)"
	image addons "$BIN/kube-node" "$BIN/local-path-provisioner"
	image python
	image mariadb
	image valkey
	image postgresql
	wordpress
	image medusa "$TRUST"	# the last: it alone needs the network's packages of npm
}
