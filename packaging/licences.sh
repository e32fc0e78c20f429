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
	echo "$linked" | awk -v module="$1" '$1 == module {print $3, $4}' | while read -r root dir; do
		while [ "$dir" != "$root" ]; do
			echo "$dir"
			dir=$(dirname "$dir")
		done
		echo "$root"
	done | LC_ALL=C sort -u
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

# What is linked: module, version, folder of the module, folder of the package. The module cache has no spaces.
linked=$(go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}} {{$.Dir}}{{end}}{{end}}' ./cmd/hearthd)
tell Go "$(go env GOVERSION)" "$(go env GOROOT)"
echo "$linked" | cut -d ' ' -f 1,2 | LC_ALL=C sort -u | while read -r module version; do
	[ -n "$module" ] || continue
	# shellcheck disable=SC2046 # a folder a word
	tell "$module" "$version" $(folders "$module")
done
