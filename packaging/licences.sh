#!/bin/sh
# licences.sh: prints, word by word, the licence of Go and of every module that hearthd is linked from, those of
# folders within a module included. A module without any is an error: what may not be passed on must not be.
set -eu
cd "$(dirname "$0")/.."

# texts FOLDER: the licences and notices that lie in it.
texts() {
	find "$1" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' -o -iname 'patents*' \) \
		! -name '*.go' | LC_ALL=C sort
}

# folders MODULE: those of the linked packages, and all above them up to the module's own.
folders() {
	root=$(go list -m -f '{{.Dir}}' "$1")
	go list -deps -f "{{with .Module}}{{if eq .Path \"$1\"}}{{\$.Dir}}{{end}}{{end}}" ./cmd/hearthd | while read -r dir; do
		while [ "$dir" != "$root" ]; do
			echo "$dir"
			dir=$(dirname "$dir")
		done
	done | LC_ALL=C sort -u
	echo "$root"
}

# tell NAME VERSION FOLDER...
tell() {
	name=$1 version=$2
	shift 2
	found=$(for dir in "$@"; do texts "$dir"; done)
	[ -n "$found" ] || { echo "licences: $name $version has no licence in $*" >&2; exit 1; }
	echo "$found" | while read -r file; do
		printf '==== %s %s: %s\n\n' "$name" "$version" "$(basename "$file")"
		cat "$file"
		echo
	done
}

modules=$(go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}' ./cmd/hearthd | LC_ALL=C sort -u)
tell Go "$(go env GOVERSION)" "$(go env GOROOT)"
echo "$modules" | while read -r module version; do
	[ -n "$module" ] || continue
	# shellcheck disable=SC2046 # a folder a word: the module cache has no spaces
	tell "$module" "$version" $(folders "$module")
done
