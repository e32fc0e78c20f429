#!/bin/sh
# vm.sh: prints the folder of a small Debian 13 for arm64 that boots in qemu: disk.img, vmlinuz and initrd. It is made
# once, which takes as long as a processor that is emulated needs to set up a Debian (five minutes), and kept for as long
# as this file stays the same. As root.
#
# It runs the program "run" of a second disk as soon as it is up, with its output on the console, and goes off.
set -eu
made=$(sha256sum "$0" | cut -c1-12)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/hearth/vm/trixie-$made
if [ -d "$folder" ]; then
	echo "$folder"
	exit
fi
mirror=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
mirror=${mirror:-http://deb.debian.org/debian}
mkdir -p "$(dirname "$folder")"
find "$(dirname "$folder")" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
work=$folder.partial
mkdir "$work"

# The kernel (the one with sound cards, not the cloud's) and a shell for the first second come by an apt of their own,
# which checks the archive's signature.
mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/debs"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/apt/sources.list"
apt() {
	program=$1
	shift
	"$program" -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$work/apt" -o Dir::State::status=/dev/null \
		-o Dir::Cache="$work/apt/cache" -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o APT::Sandbox::User=root "$@"
}
apt apt-get update >&2
kernel=$(apt apt-cache depends linux-image-arm64 | awk '/Depends: linux-image/ {print $2; exit}')
(cd "$work/debs" && apt apt-get download "$kernel" busybox-static >&2)
for deb in "$work"/debs/*.deb; do
	dpkg-deb -x "$deb" "$work/extracted"
done
cp "$work"/extracted/boot/vmlinuz-* "$work/vmlinuz"

# The initrd mounts the disk, with a layer in memory above it if it is told to, as an overlay on a Raspberry Pi is.
mkdir -p "$work/initrd.d/bin" "$work/initrd.d/dev" "$work/initrd.d/proc" "$work/initrd.d/mnt" "$work/initrd.d/low" "$work/initrd.d/up"
cp "$work"/extracted/usr/bin/busybox "$work/initrd.d/bin/busybox"
ln -s busybox "$work/initrd.d/bin/sh"
module() { find "$work/extracted/usr/lib/modules" -name "$(echo "$1" | sed 's/[_-]/[_-]/g').ko.xz" -exec xz -dc {} +; }
# needs MODULE: it, behind those that it needs.
needs() {
	for need in $(module "$1" | tr '\0' '\n' | grep -a '^depends=' | sed 's/depends=//; y/,/ /'); do
		needs "$need"
	done
	echo "$1"
}
for name in $(for first in virtio_blk crc32c_generic ext4 overlay; do needs $first; done | awk '!seen[$0]++'); do
	module "$name" >"$work/initrd.d/$name.ko"
	echo "$name.ko" >>"$work/initrd.d/modules"
done
cat >"$work/initrd.d/init" <<'EOF'
#!/bin/sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev
$b mount -t proc proc /proc
for module in $($b cat /modules); do
	$b insmod "/$module"
done
overlay= init=/sbin/init
for word in $($b cat /proc/cmdline); do
	case $word in
	hearth.overlay) overlay=yes ;;
	hearth.init=*) init=${word#hearth.init=} ;;
	esac
done
if [ "$overlay" ]; then
	$b mount -t ext4 -o ro /dev/vda /low
	$b mount -t tmpfs -o size=300M tmpfs /up
	$b mkdir /up/upper /up/work
	$b mount -t overlay -o lowerdir=/low,upperdir=/up/upper,workdir=/up/work overlay /mnt
else
	$b mount -t ext4 -o rw /dev/vda /mnt
fi
$b umount /proc
exec $b switch_root /mnt "$init"
EOF
chmod +x "$work/initrd.d/init"
(cd "$work/initrd.d" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"

# Its packages set themselves up at the first start.
debootstrap --foreign --arch=arm64 --variant=minbase \
	--include=systemd,systemd-sysv,udev,dbus,libnss-systemd,libstdc++6,libasound2t64,alsa-utils,espeak-ng,apparmor,procps,kmod trixie "$work/root" "$mirror" >&2
cp -r "$work"/extracted/usr/lib/modules "$work/root/usr/lib/"
cat >"$work/root/second-stage" <<'EOF'
#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
/debootstrap/debootstrap --second-stage && depmod && echo "The second stage is done."
rm -f /var/cache/apt/archives/*.deb /second-stage
sync
mount -o remount,ro /
exec sleep 1 # and the kernel goes off with it
EOF
chmod +x "$work/root/second-stage"
cat >"$work/root/etc/systemd/system/hearth-test.service" <<'EOF'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'mkdir -p /run/test && mount /dev/vdb /run/test && exec /run/test/run'
ExecStopPost=/bin/systemctl --no-block poweroff
StandardOutput=file:/dev/ttyAMA0
StandardError=file:/dev/ttyAMA0
EOF
mkdir -p "$work/root/etc/systemd/system/graphical.target.wants"
ln -s ../hearth-test.service "$work/root/etc/systemd/system/graphical.target.wants/"
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_reap.service serial-getty@ttyAMA0.service; do
	ln -s /dev/null "$work/root/etc/systemd/system/$unit"
done
echo hub >"$work/root/etc/hostname"
truncate -s 2G "$work/disk.img"
mkfs.ext4 -q -d "$work/root" "$work/disk.img"
timeout 1800 qemu-system-aarch64 -M virt -cpu max,pauth-impdef=on -smp 2 -m 1024 -nographic -nodefaults -no-reboot -serial stdio -monitor none \
	-kernel "$work/vmlinuz" -initrd "$work/initrd" -drive "file=$work/disk.img,if=none,id=disk,format=raw,cache=unsafe" -device virtio-blk-pci,drive=disk \
	-append "console=ttyAMA0 quiet panic=-1 hearth.init=/second-stage" </dev/null >"$work/log" 2>&1 || true
grep -q "The second stage is done." "$work/log" || { tail -20 "$work/log" >&2; exit 1; }
rm -rf "$work/root" "$work/initrd.d" "$work/extracted" "$work/debs" "$work/apt"
mv "$work" "$folder"
echo "$folder"
