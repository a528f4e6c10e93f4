#!/bin/sh
# Makes the two images the Dockerfile begins with, under the names it knows, on a machine that reaches Debian's packages and
# npm's registry but no registry of images. Needs root, debootstrap, npm and a running container engine.
#
#   deploy/images/base-images.sh [docker]
set -eu
docker="${1:-docker}"
here="$(cd "$(dirname "$0")" && pwd)"
node_image="$(sed -n 's/^ARG NODE_IMAGE=//p' "$here/Dockerfile")"
debian_image="$(sed -n 's/^ARG RUNTIME_IMAGE=//p' "$here/Dockerfile")"
node_version="$(echo "$node_image" | sed 's/^node:\([0-9.]*\)-.*/\1/')"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

debootstrap --variant=minbase bookworm "$work/root" >"$work/log" || { cat "$work/log"; exit 1; }
(cd "$work/root" && rm -rf var/cache/apt/* var/lib/apt/lists/* usr/share/doc/* usr/share/locale/* usr/share/man/* var/log/*)
tar -C "$work/root" -c . | $docker import --change 'CMD ["bash"]' - "$debian_image"

# Node and npm out of npm's registry, where Debian has no Node this new.
node_package="node-linux-$(dpkg --print-architecture | sed s/amd64/x64/)"
npm install --no-save --no-audit --no-fund --prefix "$work/node" "$node_package@$node_version" "npm@11"
mkdir -p "$work/root/usr/local/bin" "$work/root/usr/local/lib/node_modules"
cp "$work/node/node_modules/$node_package/bin/node" "$work/root/usr/local/bin/"
cp -R "$work/node/node_modules/npm" "$work/root/usr/local/lib/node_modules/"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/root/usr/local/bin/npm"
# The machine's own certificates, for builds behind a proxy that has one of its own. They stay out of what runs.
mkdir -p "$work/root/etc/ssl/certs"
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then cp -L /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/"; fi
tar -C "$work/root" -c . |
  $docker import --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' --change 'CMD ["node"]' - "$node_image"
echo "made $debian_image and $node_image"
