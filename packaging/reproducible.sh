#!/bin/sh
# reproducible.sh ARCH...: builds the packages of the last commit twice, in different folders and with nothing kept
# from one for the other, and compares them. The packages are left in dist/reproducible.
set -eu
cd "$(dirname "$0")/.."
[ -z "$(git status --porcelain --untracked-files=no)" ] || echo "reproducible: what is not committed is left out" >&2
export HEARTH_SHARED="${HEARTH_SHARED:-$PWD/../shared}" # the clones have other neighbours
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
for place in first the/second; do
	git clone --quiet . "$work/$place/hearth" # both before an hour of building, in which the tree may get a commit
done
for place in first the/second; do
	GOCACHE=$work/$place/cache "$work/$place/hearth/packaging/deb.sh" "$@"
done
rm -rf dist/reproducible
mkdir -p dist/reproducible
for deb in "$work"/first/hearth/dist/*.deb; do
	cmp "$deb" "$work/the/second/hearth/dist/$(basename "$deb")"
	cp "$deb" dist/reproducible
	echo "$(basename "$deb"): the same twice"
done
