#!/usr/bin/env bash
# Runs the experiments named, or all of them: about half an hour, as root, on a machine that does nothing else meanwhile.
source "$(dirname "$0")/../prepare.sh"
[ "$(id -u)" = 0 ] || { echo 'changing kernel parameters needs root' >&2; exit 2; }
packages=(fio iproute2 nginx-light stress-ng util-linux wrk)
missing=()
for package in "${packages[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing ${missing[*]} ..." >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
exec node experiments/real/run.mjs "$@"
