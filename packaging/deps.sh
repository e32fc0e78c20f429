#!/bin/sh
# deps.sh build|run|test|lint|deb|test-deb|test-vm|release|home-assistant|ollama: makes sure of the system packages that the step needs. As root on
# Debian it installs them; otherwise it says in one line what to install.
set -eu

need() { # need COMMAND PACKAGE
	command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

need_file() { # need_file PATH PACKAGE
	[ -e "$1" ] || missing="$missing $2"
}

missing=
case "${1:-}" in
build)
	command -v go >/dev/null 2>&1 || {
		echo "Go 1.26 or newer is needed: https://go.dev/dl" >&2
		exit 1
	}
	need gcc gcc
	need git git
	;;
lint) need shellcheck shellcheck ;;
run)
	need espeak-ng espeak-ng
	need flite flite
	;;
test)
	need espeak-ng espeak-ng
	need flite flite
	need pulseaudio pulseaudio
	need pactl pulseaudio-utils
	need sox sox
	need mosquitto mosquitto
	;;
deb)
	need x86_64-linux-gnu-gcc gcc-x86-64-linux-gnu
	need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
	need_file /usr/aarch64-linux-gnu/include/stdio.h libc6-dev-arm64-cross
	need arm-linux-gnueabihf-gcc gcc-arm-linux-gnueabihf
	need_file /usr/arm-linux-gnueabihf/include/stdio.h libc6-dev-armhf-cross
	need qemu-arm-static qemu-user-static
	need xz xz-utils
	;;
test-deb)
	need x86_64-linux-gnu-gcc gcc-x86-64-linux-gnu
	need xz xz-utils
	need mmdebstrap mmdebstrap
	need curl curl
	need systemd-nspawn systemd-container
	need lintian lintian
	need promtool prometheus
	need apparmor_parser apparmor
	need mandoc mandoc
	;;
test-vm)
	need qemu-system-aarch64 qemu-system-arm
	need debootstrap debootstrap
	need cpio cpio
	need mkfs.ext4 e2fsprogs
	need_file "/usr/lib/$(uname -m)-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so" libasound2-plugins
	;;
release) need jq jq ;;
home-assistant) need mmdebstrap mmdebstrap ;;
ollama)
	need g++ g++
	need curl curl
	need pip3 python3-pip
	need_file /usr/include/nlohmann/json.hpp nlohmann-json3-dev
	need_file /usr/include/stb/stb_image.h libstb-dev
	;;
*)
	echo "usage: deps.sh build|run|test|lint|deb|test-deb|test-vm|release|home-assistant|ollama" >&2
	exit 2
	;;
esac
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	# shellcheck disable=SC2086 # one word a package
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
	echo "Please install:$missing   (Debian: sudo apt-get install$missing)" >&2
	exit 1
fi
