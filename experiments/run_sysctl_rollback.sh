#!/usr/bin/env bash
# Takes back what was applied, from the journal alone: root only.
source "$(dirname "$0")/prepare.sh"
semantos rollback "$@"
