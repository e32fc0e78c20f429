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
}

# answers waits until Hearth does what it is told.
answers() {
	wait_for confirmed hearthd say 'turn on the desk lamp'
	tell it answers
}
