# Sourced by the scripts beside it: installs and builds what is missing, and defines `semantos`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# npm writes this file last: without it, an install was broken off.
if [ ! -f node_modules/.package-lock.json ]; then
  echo 'installing packages ...' >&2
  npm ci --silent --no-audit --no-fund >&2
fi
# The build writes this file last, with the time at which it began to read the sources.
built=node_modules/.built
is_stale() {
  [ ! -f "$built" ] || [ ! -f packages/cli/dist/semantos.js ] ||
    [ -n "$(find core packages plugins scripts tsconfig.base.json \
      \( -name node_modules -o -name dist -o -name '*.test.ts' -o -name testing -o -name template \) -prune -o \
      \( -path '*/src/*' -o -name package.json -o -name 'tsconfig*.json' -o -name bundle.mjs \) -type f -newer "$built" -print -quit)" ]
}
if is_stale; then
  echo 'building ...' >&2
  npm run --silent build >&2
fi
semantos() { node packages/cli/dist/semantos.js "$@"; }
