#!/usr/bin/env bash
# The reproduction: the default preset in a sandbox, no privileges needed. Arguments are handed on, such as --seed 7.
source "$(dirname "$0")/prepare.sh"
# Each run begins without a memory: what earlier ones have left there would be in its numbers.
memory=$(mktemp -d)
trap 'rm -rf "$memory"' EXIT
semantos --seed 42 --trials 16 --kb "$memory" "$@"
for file in experiments/sandbox/sysctl.conf experiments/results/summary.csv; do
  printf '\n== %s\n' "$file"
  cat "$file"
done
