#!/bin/sh
# wear.sh HEARTHD [TURNS [SECONDS]]: what a memory card has to take. Runs the daemon in its simulated home on a file
# system of its own, says something every SECONDS (6: longer than the 5 s that ext4 gathers changes for), leaves it
# alone for as long again, and tells the bytes that the process and the file system have written, for a day of 200
# turns. As root: it mounts an image.
set -eu
hearthd=$(realpath "$1") turns=${2:-50} pause=${3:-6}
work=$(mktemp -d)
memory=$(mktemp -d -p /dev/shm)
pid=
cleanup() {
	[ -z "$pid" ] || { kill "$pid" || true; wait "$pid" || true; }
	umount "$work/card" 2>/dev/null || true
	[ -z "${device:-}" ] || losetup -d "$device"
	rm -rf "$work" "$memory"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

truncate -s 512M "$work/image"
mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$work/image"
device=$(losetup --find --show "$work/image")
mkdir "$work/card"
mount -o noatime "$device" "$work/card"
export HEARTH_STATE_DIR="$work/card/state" RUNTIME_DIRECTORY="$memory" # in memory, as systemd has it
cat >"$work/hearthd.yaml" <<-EOF
	microphone: {device: "off"}
	web: {listen: "127.0.0.1:0"}
	mqtt: {broker: "off"}
	speech: {speaker: "off"}
	model: {url: "http://127.0.0.1:1"}
EOF

# What has been written so far, in kB: by the process, and to the card.
process() { echo $(($(awk '/^write_bytes/ {print $2}' "/proc/$pid/io") / 1024)); }
card() { echo $(($(awk '{print $7}' "/sys/class/block/$(basename "$device")/stat") / 2)); }
say() { "$hearthd" --config "$work/hearthd.yaml" say "$1" >/dev/null; }

"$hearthd" --config "$work/hearthd.yaml" run 2>"$work/log" &
pid=$!
for _ in $(seq 100); do
	if say "what time is it" 2>/dev/null; then break; fi
	sleep 0.2
done

# told NAME COMMAND...: what is written while the command runs.
told() {
	name=$1
	shift
	sync -f "$work/card"
	process_before=$(process) card_before=$(card)
	"$@"
	sync -f "$work/card"
	by_process=$(($(process) - process_before)) to_card=$(($(card) - card_before))
	echo "$name: $by_process kB by the process, $to_card kB to the card"
}

talk() {
	n=0
	while [ "$n" -lt "$turns" ]; do
		case $((n % 5)) in
		0) say "turn on the kitchen ceiling" ;;
		1) say "turn off the kitchen ceiling" ;;
		2) say "what is the outdoor humidity" ;;
		3) say "add item $n to my shopping list" ;;
		4) say "set a timer for $((n % 20 + 3)) hours" ;; # none rings meanwhile
		esac
		n=$((n + 1))
		sleep "$pause"
	done
}

told "$turns turns" talk
turns_card=$to_card turns_process=$by_process
told "idle for $((turns * pause)) s" sleep $((turns * pause))
idle_card=$to_card idle_process=$by_process
echo "log: $(wc -c <"$work/log") bytes in all"
day() { echo $((($1 - $2) * 200 / turns + $2 * 86400 / (turns * pause))); }
echo "a day of 200 turns: $(day "$turns_process" "$idle_process") kB by the process, $(day "$turns_card" "$idle_card") kB to the card"
[ "$(day "$turns_card" "$idle_card")" -le 50000 ] || { echo "wear: that is more than 50 MB" >&2; exit 1; }
