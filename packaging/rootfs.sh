#!/bin/sh
# rootfs.sh SUITE: prints the folder of a small Debian (bookworm, trixie) or Ubuntu (noble) with systemd and what the
# package wants, which is made once and kept for as long as this file stays the same.
set -eu
suite=$1

# ubuntu_keyring prints the keys that Ubuntu signs with, which Debian 12 does not have.
ubuntu_keyring() {
	deb=$(mktemp)
	curl -sfLo "$deb" "$mirror/pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb"
	echo "36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8  $deb" | sha256sum --check --status ||
		{ echo "rootfs: Ubuntu's keyring is not what it was" >&2; exit 1; }
	dpkg-deb --fsys-tarfile "$deb" | tar -xO ./usr/share/keyrings/ubuntu-archive-keyring.gpg
	rm "$deb"
}

case $suite in
bookworm) sound=libasound2 ;;
trixie | noble) sound=libasound2t64 ;;
*)
	echo "rootfs: say bookworm, trixie or noble" >&2
	exit 2
	;;
esac
made=$(sha256sum "$0" | cut -c1-12)
root=${XDG_CACHE_HOME:-$HOME/.cache}/hearth/rootfs/$suite-$made
if [ ! -d "$root" ]; then
	mkdir -p "$(dirname "$root")"
	components=main keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	mirror=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
	mirror=${mirror:-http://deb.debian.org/debian}
	if [ "$suite" = noble ]; then
		components=main,universe mirror=http://archive.ubuntu.com/ubuntu keyring=$(mktemp --suffix .gpg)
		trap 'rm -f "$keyring"' EXIT
		ubuntu_keyring >"$keyring"
		chmod 644 "$keyring" # apt reads it as a user of its own
	fi
	find "$(dirname "$root")" -maxdepth 1 -name "$suite-*" -exec rm -rf {} +
	mmdebstrap --quiet --variant=minbase --components=$components --keyring="$keyring" --aptopt='Acquire::Check-Valid-Until "false"' \
		--include="apt,systemd,systemd-sysv,dbus,libnss-systemd,libstdc++6,$sound,espeak-ng,bash-completion,apparmor,procps" \
		"$suite" "$root.partial.tar" "$mirror" >&2
	mkdir "$root.partial"
	tar -C "$root.partial" -xf "$root.partial.tar" --exclude='./dev/*'
	rm "$root.partial.tar"
	mv "$root.partial" "$root"
fi
echo "$root"
