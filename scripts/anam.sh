#!/usr/bin/env bash
# Judge livekit-plugins-anam: the locked version, or the one that is named, in an environment of its own.
set -euo pipefail
bin=$1
version=${2:-}
if [ -z "$version" ]; then
  exec "$bin/python" -m pytest suites/anam
fi
# Same-version pairs up to 1.6.9 need httpx, which a dependency of theirs no longer brings.
environment=.venv-anam-$version
if [ ! -e "$environment/.ready" ]; then
  echo "setting up $environment (once)"
  "$bin/uv" venv --quiet --clear --python "$bin/python" "$environment"
  "$bin/uv" pip install --quiet --python "$environment/bin/python" "livekit-plugins-anam==$version" "livekit-agents==$version" httpx
  touch "$environment/.ready"
fi
exec "$bin/python" -m pytest suites/anam --implementation-python "$environment/bin/python"
