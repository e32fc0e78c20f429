#!/bin/sh
# deb.sh ARCH...: builds dist/hearthd_VERSION_ARCH.deb and its debug symbols, hearthd-dbgsym, for amd64, arm64 or armhf.
# The same commit gives the same bytes, wherever and whenever it is built.
set -eu
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C TZ=UTC
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hearth
version=$(packaging/version.sh deb)
SOURCE_DATE_EPOCH=$(packaging/version.sh epoch)
export SOURCE_DATE_EPOCH

fail() { echo "deb: $*" >&2; exit 1; }

# put MODE SOURCE PATH: copies a file into the package.
put() { install -D -m "$1" "$2" "$stage$3"; }

# put_gz PATH: compresses standard input into the package.
put_gz() {
	mkdir -p "$stage$(dirname "$1")"
	gzip -9n >"$stage$1"
}

# target ARCH: what the compilers call it.
target() {
	goarm=
	case $1 in
	amd64) goarch=amd64 machine=x86_64 gnu=x86_64-linux-gnu ;;
	arm64) goarch=arm64 machine=aarch64 gnu=aarch64-linux-gnu ;;
	armhf) goarch=arm goarm=7 machine=armv7l gnu=arm-linux-gnueabihf ;;
	*) fail "there is no $1: say amd64, arm64 or armhf" ;;
	esac
	command -v "$gnu-gcc" >/dev/null || fail "$gnu-gcc is missing: packaging/deps.sh deb"
}

# compile: $stage/usr/bin/hearthd, and what a debugger wants in $debug.
compile() {
	mkdir -p "$stage/usr/bin"
	CGO_ENABLED=1 GOOS=linux GOARCH=$goarch GOARM=$goarm CC=$gnu-gcc \
		CGO_CFLAGS='-O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wdate-time' \
		CGO_LDFLAGS='-Wl,-z,relro -Wl,-z,now' \
		go build -trimpath -buildmode=pie -ldflags "-linkmode=external -B gobuildid -X main.version=$version" \
		-o "$stage/usr/bin/hearthd" ./cmd/hearthd
	id=$($gnu-readelf -n "$stage/usr/bin/hearthd" | sed -n 's/.*Build ID: //p')
	[ -n "$id" ] || fail "the program has no build ID"
	symbols=$debug/usr/lib/debug/.build-id/$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c3-).debug
	mkdir -p "$(dirname "$symbols")"
	$gnu-objcopy --only-keep-debug --compress-debug-sections "$stage/usr/bin/hearthd" "$symbols"
	chmod 644 "$symbols"
	$gnu-strip --strip-unneeded --remove-section=.comment --remove-section=.note "$stage/usr/bin/hearthd"
	chmod 755 "$stage/usr/bin/hearthd"
}

# recogniser: sentences, number words, and where there is an ONNX Runtime for this machine, what hears.
recogniser() {
	assets=$cache/assets-$machine
	HEARTH_MACHINE=$machine HEARTH_ASSETS=$assets packaging/assets.sh
	mkdir -p "$stage/usr/share/hearthd/assets"
	for folder in sentences rbnf yesno; do
		(cd "$assets" && find "$folder" -name '*.json' -exec install -D -m 644 {} "$stage/usr/share/hearthd/assets/{}" \;)
	done
	[ -d "$assets/onnxruntime" ] || return 0
	for folder in whisper-tiny.en kws-zipformer-gigaspeech-3.3M; do
		[ -d "$assets/$folder" ] || continue # assets.sh has said so
		(cd "$assets" && find "$folder" -type f ! -name .made -exec install -D -m 644 {} "$stage/usr/share/hearthd/assets/{}" \;)
	done
	put 644 "$assets/onnxruntime/libonnxruntime.so.1" /usr/lib/hearthd/libonnxruntime.so.1
	ln -s ../../../lib/hearthd "$stage/usr/share/hearthd/assets/onnxruntime"
}

# summed: a list of checksums in each folder of the recogniser, by which hearthd doctor finds what is damaged.
summed() {
	for folder in "$stage"/usr/share/hearthd/assets/*/; do
		(cd "$folder" && { echo "hearthd $version" && find . -type f ! -name '.made*' | sort | xargs sha256sum; } >.made.new && mv .made.new .made && chmod 644 .made)
	done
}

service() {
	put 644 systemd/hearthd.service /usr/lib/systemd/system/hearthd.service
	put 644 systemd/hearthd.socket /usr/lib/systemd/system/hearthd.socket
	put 644 packaging/deb/sysusers.conf /usr/lib/sysusers.d/hearthd.conf
	put 644 packaging/deb/tmpfiles.conf /usr/lib/tmpfiles.d/hearthd.conf
	put 644 packaging/deb/hearthd.yaml /etc/hearthd/hearthd.yaml
	put 644 packaging/deb/apparmor /etc/apparmor.d/hearthd
	mkdir -p "$stage/etc/hearthd/sentences"
	put 644 packaging/deb/completion.bash /usr/share/bash-completion/completions/hearthd
	put 644 packaging/deb/completion.zsh /usr/share/zsh/vendor-completions/_hearthd
	put 644 packaging/deb/completion.fish /usr/share/fish/vendor_completions.d/hearthd.fish
}

documents() {
	doc=/usr/share/doc/hearthd
	put 644 packaging/deb/copyright $doc/copyright
	put 644 configs/hearthd.yaml $doc/examples/hearthd.yaml
	put 644 packaging/monitoring/hearth.rules.yml $doc/examples/prometheus/hearth.rules.yml
	put 644 packaging/monitoring/hearth-dashboard.json $doc/examples/grafana/hearth-dashboard.json
	put_gz $doc/changelog.gz <CHANGELOG.md
	changelog | put_gz $doc/changelog.Debian.gz
	put_gz /usr/share/man/man1/hearthd.1.gz <docs/hearthd.1
	packaging/manual.sh configs/hearthd.yaml | put_gz /usr/share/man/man5/hearthd.yaml.5.gz
	put 644 packaging/deb/lintian /usr/share/lintian/overrides/hearthd
	for page in docs/*.md; do
		put 644 "$page" "$doc/$(basename "$page")"
	done
	third_parties >dist/third-party-licences
	put_gz $doc/third-party-licences.gz <dist/third-party-licences
}

# third_parties: what belongs to others, and their licences word by word.
third_parties() {
	cat "$assets/ATTRIBUTION"
	for file in rbnf/LICENSE onnxruntime/LICENSE onnxruntime/ThirdPartyNotices.txt; do
		[ -f "$assets/$file" ] || continue
		printf '\n==== %s\n\n' "$file"
		cat "$assets/$file"
	done
	CGO_ENABLED=1 GOOS=linux GOARCH=$goarch packaging/licences.sh
}

changelog() {
	cat <<-EOF
		hearthd ($version) unstable; urgency=medium

		  * What an owner would notice is in changelog.gz.

		 -- The Hearth authors <hearth@example.org>  $(packaging/version.sh date)
	EOF
}

# pack NAME FOLDER: makes the package from what was staged. nfpm's own xz makes it a seventh larger.
pack() {
	deb=$PWD/dist/$1_${version}_$arch.deb
	ARCH=$arch VERSION=$version STAGE=$2 \
		.ci/tool nfpm package --config "packaging/nfpm/$1.yaml" --packager deb --target "$deb" >dist/nfpm.log || { cat dist/nfpm.log >&2; exit 1; }
	parts=$PWD/dist/stage/$arch/parts
	rm -rf "$parts"
	mkdir "$parts"
	(cd "$parts" && ar x "$deb" && xz -6 -T1 data.tar && rm "$deb" && ar rcD "$deb" debian-binary control.tar.gz data.tar.xz)
	rm -rf "$parts"
	echo "dist/$(basename "$deb")"
}

[ $# -gt 0 ] || fail "usage: deb.sh ARCH..."
mkdir -p dist
for arch in "$@"; do
	target "$arch"
	stage=$PWD/dist/stage/$arch/hearthd debug=$PWD/dist/stage/$arch/dbgsym
	rm -rf "dist/stage/$arch"
	compile
	recogniser
	summed
	service
	documents
	find "$stage" "$debug" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	pack hearthd "$stage"
	pack hearthd-dbgsym "$debug"
done
