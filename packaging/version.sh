#!/bin/sh
# version.sh deb|epoch|date: the version of a package built from this tree, or when its last commit was made, in
# seconds or as a Debian changelog has it. HEARTH_VERSION goes before what git says; a tree whose commit has the tag
# v1.2.3 is 1.2.3, any other is older than the release that it leads to.
set -eu
cd "$(dirname "$0")/.."
next=0.1.0

epoch() { git log -1 --format=%ct; }

deb() {
	if [ -n "${HEARTH_VERSION:-}" ]; then
		echo "$HEARTH_VERSION"
		return
	fi
	dirty=
	[ -z "$(git status --porcelain --untracked-files=no)" ] || dirty=+changed
	if tag=$(git describe --exact-match --tags --match 'v[0-9]*' 2>/dev/null); then
		echo "${tag#v}$dirty-1"
	else
		last=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || echo v0)
		if [ "$(printf '%s\n' "${last#v}" "$next" | sort -V | tail -n 1)" != "$next" ] || [ "${last#v}" = "$next" ]; then
			echo "version.sh: next is $next, and $last is released: raise it" >&2
			exit 1
		fi
		echo "$next~git$(date -u -d "@$(epoch)" +%Y%m%d%H%M%S).$(git rev-parse --short=7 HEAD)$dirty-1"
	fi
}

case ${1:-} in
deb) deb ;;
epoch) epoch ;;
date) LC_ALL=C date -u -R -d "@$(epoch)" ;;
*)
	echo "usage: version.sh deb|epoch|date" >&2
	exit 2
	;;
esac
