#!/bin/sh
# manual.sh FILE: prints the page hearthd.yaml(5), which is the configuration at its defaults with what it says of itself.
set -eu
cat <<'EOF'
.Dd November 28, 2026
.Dt HEARTHD.YAML 5
.Os Hearth
.Sh NAME
.Nm hearthd.yaml
.Nd settings of hearthd
.Sh DESCRIPTION
.Pa /etc/hearthd/hearthd.yaml
holds what differs from the defaults.
A key that does not exist is refused, with its line and column.
.Bd -literal
EOF
sed -e 's/\\/\\e/g' -e 's/^[.'"'"']/\\\&&/' -e 's/-/\\-/g' "$1"
cat <<'EOF'
.Ed
.Sh SEE ALSO
.Xr hearthd 1
EOF
