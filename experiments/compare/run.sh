#!/usr/bin/env bash
# usage: bash experiments/compare/run.sh [--workloads a,b] [--trials N] [--blocks N], as root on a machine that does nothing else.
# Some ten minutes a workload. Whatever ends it, every value comes back.
source "$(dirname "$0")/../prepare.sh"
[ "$(id -u)" = 0 ] || { echo 'changing kernel parameters needs root' >&2; exit 2; }
packages=(fio iproute2 nginx-light python3-optuna stress-ng tuned util-linux wrk)
missing=()
for package in "${packages[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing ${missing[*]} ..." >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
node experiments/compare/run.mjs "$@" &
run=$!
trap 'kill -TERM "$run"' INT TERM
# A signal ends the first wait; the run then still has values to take back.
wait "$run" || true
wait "$run" || status=$?
# A start that was mis-set outlives a run that is killed by SIGKILL for an hour, under a guard; this takes it back at once.
semantos rollback --run all --state-dir /var/lib/semantos/compare/start >/dev/null
exit "${status:-0}"
