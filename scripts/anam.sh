#!/usr/bin/env bash
# Judge livekit-plugins-anam: the locked version, or the one that is named (scripts/anam.sh 1.8.0, or PLUGIN=1.8.0), in an
# environment of its own in the user's cache. Sets up what is missing. Exits with the suite's own code; make always exits with 2.
set -uo pipefail
cd "$(dirname "$0")/.."
version=${1-${PLUGIN-}}
workers=${WORKERS:-3} # processes; more than the cores, since a room is often waited for

meaning() { # of an exit code: the table of docs/architecture.md
  case $1 in
    1) echo "the plugin failed, or a listed failure passed" ;;
    2 | 130) echo "interrupted" ;;
    3) echo "an internal error" ;;
    4) echo "wrong usage" ;;
    5) echo "nothing ran" ;;
    6) echo "incomplete: something could not be verified here" ;;
    7) echo "a fault of the harness or of this machine, not of the plugin" ;;
    *) echo "unknown" ;;
  esac
}

judge() {
  local options=(-p no:schemathesis -p no:hypothesispytest) # of this project's own tests: half a second in each process
  scripts/setup.sh || return
  if [ -n "$version" ]; then options+=(--implementation "agents:livekit.plugins.anam==$version"); fi
  if [ "$workers" != 1 ]; then options+=(-n "$workers" --dist worksteal); fi
  .venv/bin/python -m pytest suites/anam "${options[@]}"
}

judge
code=$?
if [ "$code" -ne 0 ]; then
  made=""
  if [ -n "${MAKELEVEL-}" ]; then made=" (make turns it into 2; scripts/anam.sh keeps it)"; fi
  echo "anam: exit code $code: $(meaning "$code")$made" >&2
fi
exit "$code"
