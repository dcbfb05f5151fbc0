#!/usr/bin/env bash
# Applies the reproduction's plan to this machine's kernel: root only, asks before it writes, journalled, guarded.
# --yes applies without asking; --confirm-within 10m takes everything back unless semantos confirm comes in time.
source "$(dirname "$0")/prepare.sh"
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT
sysctl=(--config experiments/configs/sysctl.config.ts --applier sysctl)
echo 'Telemetry, and so the plan and every p95 below, is of a synthetic host. This machine is not measured.'
# The file is this script's own: what plan says of it is of no use to anybody.
semantos plan "${sysctl[@]}" --out "$plan" 2> >(sed '/^wrote /d' >&2)
semantos apply "$plan" "${sysctl[@]}" "$@"
