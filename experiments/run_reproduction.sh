#!/usr/bin/env bash
# The reproduction: the default preset in a sandbox, no privileges needed. Arguments are handed on, such as --seed 7.
source "$(dirname "$0")/prepare.sh"
semantos --seed 42 --trials 16 "$@"
for file in experiments/sandbox/sysctl.conf experiments/results/summary.csv; do
  printf '\n== %s\n' "$file"
  cat "$file"
done
