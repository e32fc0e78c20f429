#!/bin/sh
# release.sh ARCH...: leaves in dist/release what is given to owners: packages that were built twice and are the same,
# for each the parts that it is made of (CycloneDX), the licences of others, and checksums of all of it.
set -eu
cd "$(dirname "$0")/.."
version=$(packaging/version.sh deb)
packaging/reproducible.sh "$@"
rm -rf dist/release
mkdir -p dist/release
cp dist/reproducible/*.deb dist/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# parts: what assets.lock fetches, as components.
parts() {
	grep -v '^#' packaging/assets.lock | while read -r folder _ registry package version licence sum; do
		jq -n --arg name "$package" --arg version "$version" --arg licence "$licence" --arg sum "$sum" --arg purl "pkg:$registry/$package@$version" --arg folder "$folder" \
			'{type: "data", name: $name, version: $version, purl: $purl, "bom-ref": "\($purl)#\($folder)", description: $folder, licenses: [{license: {id: $licence}}], hashes: [{alg: "SHA-256", content: $sum}]}'
	done | jq -s .
}

for arch in "$@"; do
	deb=dist/release/hearthd_${version}_$arch.deb
	dpkg-deb -x "$deb" "$work/$arch"
	.ci/tool cyclonedx-gomod bin -json -licenses -std -noserial -version "$version" -output "$work/$arch.json" "$work/$arch/usr/bin/hearthd"
	parts | jq --slurpfile bom "$work/$arch.json" '. as $parts | $bom[0] | del(.metadata.timestamp) | .components += $parts' >"${deb%.deb}.cdx.json"
	gzip -dc "$work/$arch/usr/share/doc/hearthd/third-party-licences.gz" >"${deb%.deb}.licences.txt"
done
(cd dist/release && sha256sum -- * >SHA256SUMS && cat SHA256SUMS)
