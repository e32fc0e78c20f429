#!/bin/sh
# tools.sh: what the scripts of the machine begin with. Each line that is told has the seconds since it was switched on.
tell() { echo "[$(cut -d' ' -f1 /proc/uptime) s] $*"; }

# wait_for WORDS COMMAND...: until the command prints the words.
wait_for() {
	words=$1
	shift
	for _ in $(seq 600); do
		"$@" 2>/dev/null | grep -q "$words" && return
		sleep 0.5
	done
	tell "no $words"
	return 1
}

# answers waits until Hearth does what it is told.
answers() {
	wait_for confirmed hearthd say 'turn on the desk lamp'
	tell it answers
}

# listens waits until somebody who speaks is heard from now on. It has the card take sound, which is off at first.
listens() {
	wait_for '"microphone":{"state":"ok"' readyz
	tell the microphone is open
	amixer -q sset Capture 100% cap
	had=$(metrics | sed -n 's/^hearth_listen_utterances_total //p')
	for _ in $(seq 240); do
		[ "$(metrics | sed -n 's/^hearth_listen_utterances_total //p')" = "$had" ] || { tell it listens; return; }
		sleep 0.5
	done
	tell nobody is heard
}

# refused tells what AppArmor has refused to Hearth since the machine was switched on, but for what was tried on purpose.
refused() {
	tell refused to Hearth: "$(journalctl -k -b -o cat | grep -E 'apparmor="(DENIED|ALLOWED)".*profile="hearthd"' | grep -v 'name="/etc/shadow"')."
}

# get prints what the daemon answers to a path.
get() { bash -c 'exec 3<>/dev/tcp/127.0.0.1/8125; printf "GET $0 HTTP/1.0\r\n\r\n" >&3; cat <&3' "$1"; }
metrics() { get /metrics; }
readyz() { get /readyz; }
