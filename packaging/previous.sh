#!/bin/sh
# previous.sh: prints the package for amd64 of the release before this commit, which is built from its tag and kept;
# nothing when there was none. HEARTH_PREVIOUS names another commit.
set -eu
cd "$(dirname "$0")/.."
commit=${HEARTH_PREVIOUS:-$(git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null || true)}
[ -n "$commit" ] || exit 0
commit=$(git rev-parse --short=12 "$commit^{commit}")
kept=${XDG_CACHE_HOME:-$HOME/.cache}/hearth/previous/$commit.deb
if [ ! -f "$kept" ]; then
	export HEARTH_SHARED="${HEARTH_SHARED:-$PWD/../shared}" # the clone has other neighbours
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	git clone --quiet . "$work/hearth"
	git -C "$work/hearth" checkout --quiet --detach "$commit"
	"$work/hearth/packaging/deb.sh" amd64 >&2
	mkdir -p "$(dirname "$kept")"
	cp "$work"/hearth/dist/hearthd_*_amd64.deb "$kept.partial"
	mv "$kept.partial" "$kept"
fi
echo "$kept"
