#!/bin/sh
# rootfs.sh SUITE: prints the folder of a small Debian (bookworm, trixie) with systemd and what the package wants,
# which is made once and kept for as long as this file stays the same.
set -eu
suite=$1
case $suite in
bookworm) sound=libasound2 ;;
trixie) sound=libasound2t64 ;;
*)
	echo "rootfs: say bookworm or trixie" >&2
	exit 2
	;;
esac
made=$(sha256sum "$0" | cut -c1-12)
root=${XDG_CACHE_HOME:-$HOME/.cache}/hearth/rootfs/$suite-$made
if [ ! -d "$root" ]; then
	mirror=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
	mkdir -p "$(dirname "$root")"
	find "$(dirname "$root")" -maxdepth 1 -name "$suite-*" -exec rm -rf {} +
	mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
		--include="systemd,systemd-sysv,dbus,libnss-systemd,libstdc++6,$sound,espeak-ng,bash-completion,apparmor,procps" \
		"$suite" "$root.partial.tar" "${mirror:-http://deb.debian.org/debian}" >&2
	mkdir "$root.partial"
	tar -C "$root.partial" -xf "$root.partial.tar" --exclude='./dev/*'
	rm "$root.partial.tar"
	mv "$root.partial" "$root"
fi
echo "$root"
