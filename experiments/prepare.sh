# Sourced by the scripts beside it: installs and builds what is missing, and defines `semantos`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ ! -d node_modules ]; then
  echo 'installing packages ...' >&2
  npm ci --silent --no-audit --no-fund >&2
fi
if [ ! -f plugins/preset-reproduction/dist/index.js ] || [ ! -f core/dist/semantos.js ]; then
  echo 'building ...' >&2
  npm run --silent build >&2
fi
semantos() { node core/dist/semantos.js "$@"; }
