#!/bin/sh
# Installs llama.cpp for Node into a folder outside the workspace: 22 MB, with the CPU's binary alone. The package's other
# binaries, for CUDA and Vulkan, are hundreds of megabytes and are left out.
set -eu
folder=${SEMANTOS_LLAMA_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/semantos/llama}
version=1.7.15
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) binary=node-llama-linux-x64 ;;
  Linux-aarch64) binary=node-llama-linux-arm64 ;;
  Darwin-arm64) binary=node-llama-darwin-arm64 ;;
  Darwin-x86_64) binary=node-llama-darwin-x64 ;;
  *) echo "no binary of @fugood/llama.node for $(uname -s) $(uname -m)" >&2; exit 1 ;;
esac
mkdir -p "$folder"
cd "$folder"
echo '{ "private": true }' > package.json
npm install --no-audit --no-fund --no-save --omit=optional --ignore-scripts "@fugood/llama.node@$version" "@fugood/$binary@$version"
echo "installed in $folder"
