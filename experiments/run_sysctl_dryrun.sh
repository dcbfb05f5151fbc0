#!/usr/bin/env bash
# What the plan would change on this machine's kernel. Nothing is written.
source "$(dirname "$0")/prepare.sh"
semantos --applier sysctl "$@"
