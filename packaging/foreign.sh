#!/bin/sh
# foreign.sh DEB...: has a package for another processor carry out a sentence in the simulated home, in an emulator. The
# recogniser is a process of its own, which only a kernel of that processor would start.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for deb in "$@"; do
	arch=$(dpkg-deb -f "$deb" Architecture)
	case $arch in
	arm64) emulator=qemu-aarch64-static libraries=/usr/aarch64-linux-gnu ;;
	armhf) emulator=qemu-arm-static libraries=/usr/arm-linux-gnueabihf ;;
	*)
		echo "foreign: $deb is for $arch, want arm64 or armhf" >&2
		exit 2
		;;
	esac
	mkdir "$work/$arch"
	dpkg-deb -x "$deb" "$work/$arch"
	HEARTH_STATE_DIR=$work/state-$arch HEARTH_ASSETS=$work/$arch/usr/share/hearthd/assets \
		"$emulator" -L "$libraries" "$work/$arch/usr/bin/hearthd" say --standalone 'turn on the kitchen ceiling' | tee "$work/said"
	grep -q 'confirmed: state went from off to on' "$work/said" || { echo "foreign: $deb does not do as it is told" >&2; exit 1; }
done
