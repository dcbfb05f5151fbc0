#!/usr/bin/env bash
# What the plan would change on this machine's kernel. Nothing is written.
source "$(dirname "$0")/prepare.sh"
echo 'Telemetry, and so the plan and every p95 below, is of a synthetic host. This machine is not measured.'
semantos --config experiments/configs/sysctl.config.ts --applier sysctl "$@"
