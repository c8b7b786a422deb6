#!/usr/bin/env bash
# Set up .venv and a LiveKit server, once: a second run does nothing. PYTHON names the interpreter.
# Exit codes as in docs/architecture.md: 4 a Python that cannot be used, 7 something that this machine lacks.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.venv
python=${PYTHON:-python3}

fail() { # exit code, text
  echo "set-up: $2" >&2
  exit "$1"
}

others() { # what to say of interpreters that would do
  local minor found=""
  for minor in 11 12 13 14; do
    if "python3.$minor" -c 'import ensurepip, venv' 2>/dev/null; then found="$found PYTHON=python3.$minor"; fi
  done
  if [ -n "$found" ]; then echo "name one that is here:$found"; else echo "install one, and name it with PYTHON=..."; fi
}

check_python() {
  local version
  command -v -- "$python" >/dev/null || fail 4 "there is no $python here; mockvendors needs Python 3.11 or newer: $(others)"
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>&1) ||
    fail 4 "$python does not run ($(head -n 1 <<<"$version")); mockvendors needs Python 3.11 or newer: $(others)"
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail 4 "$python is Python $version; mockvendors needs 3.11 or newer: $(others)"
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail 7 "$python cannot make environments, its venv or ensurepip is missing: sudo apt install python$version-venv (Debian, Ubuntu); or $(others)"
  if [ -e "$venv/.ready" ] && ! "$venv/bin/python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')"; then
    fail 4 "$venv has another Python than $python ($version): 'make clean' first, or leave PYTHON out"
  fi
}

packages() {
  local uv
  # What an interrupted set-up left has no mark and is made anew.
  if [ ! -e "$venv/.ready" ]; then
    echo "setting up $venv (once)"
    "$python" -m venv --clear "$venv" || fail 7 "$python cannot make $venv; the lines above say why"
  else
    echo "bringing $venv up to date"
  fi
  rm -f "$venv/.ready"
  uv=$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements.lock)
  {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$uv" &&
      "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements.lock &&
      "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-build-isolation --no-deps --editable .
  } || fail 7 "the locked packages cannot be installed; the lines above say why (is a package index within reach?)"
  touch "$venv/.ready"
}

owner() { # the folder whose mockvendors is installed in the environment
  cat "$venv"/lib/python*/site-packages/_mockvendors.pth 2>/dev/null || true
}

is_ours() {
  [ "$(owner)" -ef . ]
}

is_ready() {
  [ "$venv/.ready" -nt requirements.lock ] && [ "$venv/.ready" -nt pyproject.toml ] && [ -x "$venv/bin/python" ] && is_ours
}

if [ -e "$venv/.ready" ] && ! is_ours; then
  taken=$(owner)
  echo "set-up: $venv has the mockvendors of ${taken:-nobody}, not of this folder: this one's is installed instead." \
    "Two checkouts that share one $venv take it from each other: give each its own" >&2
fi

if [ -n "${PYTHON:-}" ] || ! is_ready; then check_python; fi
if ! is_ready; then packages; fi
if [ ! -e "$venv/.livekit" ]; then
  "$venv/bin/mockvendors" livekit >/dev/null # what it says to people tells the same
  touch "$venv/.livekit"
fi
