#!/bin/sh
# check.sh DEB...: looks at packages as Debian does, and at what is in them.
set -eu
cd "$(dirname "$0")/.."
limit=60000000 # bytes

lintian --no-cfg --allow-root --display-info --fail-on error,warning,info "$@"
for deb in "$@"; do
	size=$(stat -c %s "$deb")
	echo "$deb: $size bytes, installed $(dpkg-deb -f "$deb" Installed-Size) kB"
	[ "$size" -le $limit ] || { echo "check: it has more than $limit bytes" >&2; exit 1; }
done
apparmor_parser --skip-kernel-load --skip-cache --quiet packaging/deb/apparmor
packaging/manual.sh configs/hearthd.yaml | mandoc -T lint -W warning
promtool check rules packaging/monitoring/hearth.rules.yml
(cd packaging/monitoring && promtool test rules hearth.rules.test.yml)
