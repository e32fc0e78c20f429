#!/bin/sh
# release.sh ARCH...: leaves in dist/release what is given to owners: packages that were built twice and are the same,
# for each the parts that it is made of (CycloneDX), the licences of others, and checksums of all of it.
set -eu
cd "$(dirname "$0")/.."
[ -z "$(git status --porcelain --untracked-files=no)" ] || { echo "release: commit what is changed first: a release is of a commit" >&2; exit 1; }
version=$(packaging/version.sh deb)
packaging/reproducible.sh "$@"
rm -rf dist/release
mkdir -p dist/release
cp dist/reproducible/*.deb dist/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# parts FOLDER: what assets.lock fetches and lies in it, as components.
parts() {
	grep -v '^#' packaging/assets.lock | while read -r folder _ registry package of licence sum; do
		case $folder in *@"$machine") ;; *@*) continue ;; esac
		[ -e "$1/${folder%@*}" ] || continue
		jq -n --arg name "$package" --arg version "$of" --arg licence "$licence" --arg sum "$sum" --arg purl "pkg:$registry/$package@$of" --arg folder "$folder" \
			'{type: "data", name: $name, version: $version, purl: $purl, "bom-ref": "\($purl)#\($folder)", description: $folder, licenses: [{license: {id: $licence}}], hashes: [{alg: "SHA-256", content: $sum}]}'
	done | jq -s .
}

# whole FOLDER: all that assets.lock fetches for this machine lies in it. deb.sh packs what it finds, and goes on.
whole() {
	grep -v '^#' packaging/assets.lock | while read -r folder _; do
		case $folder in *@"$machine") ;; *@*) continue ;; esac
		[ -e "$1/${folder%@*}" ] || { echo "release: $deb lacks ${folder%@*}, which packaging/assets.sh has not found" >&2; exit 1; }
	done
}

# The licences of the few that cyclonedx-gomod does not recognise, which third-party-licences has word by word.
known='{"std": "BSD-3-Clause", "github.com/hashicorp/mdns": "MIT"}'

for arch in "$@"; do
	deb=dist/release/hearthd_${version}_$arch.deb
	case $arch in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; *) machine= ;; esac
	dpkg-deb -x "$deb" "$work/$arch"
	[ -z "$machine" ] || whole "$work/$arch/usr/share/hearthd/assets" # elsewhere there is no ONNX Runtime, nor what needs it
	.ci/tool cyclonedx-gomod bin -json -licenses -std -noserial -version "$version" -output "$work/$arch.json" "$work/$arch/usr/bin/hearthd"
	parts "$work/$arch/usr/share/hearthd/assets" | jq --slurpfile bom "$work/$arch.json" --argjson known "$known" '
		. as $parts | $bom[0] | del(.metadata.timestamp) | .components += $parts
		| .components |= map(if .licenses or .evidence.licenses then . else
			.licenses = [{license: {id: ($known[.name] // error("\(.name) has no licence: name it in packaging/release.sh"))}}] end)
	' >"${deb%.deb}.cdx.json"
	gzip -dc "$work/$arch/usr/share/doc/hearthd/third-party-licences.gz" >"${deb%.deb}.licences.txt"
done
(cd dist/release && sha256sum -- * >SHA256SUMS && sha256sum --check --strict SHA256SUMS)
