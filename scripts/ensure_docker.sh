#!/bin/sh
# Install what tests/room needs to run Docker for real, where that is possible without asking: as root on Debian or Ubuntu.
# Elsewhere it does nothing, and those tests are skipped with the reason. Starts no daemon.
set -eu

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    exit 0
fi
missing=""
command -v dockerd >/dev/null || missing="$missing docker.io"
command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 || missing="$missing docker-compose"
command -v iptables >/dev/null || missing="$missing iptables"
command -v ip >/dev/null || missing="$missing iproute2"
command -v mmdebstrap >/dev/null || missing="$missing mmdebstrap"
[ -n "$missing" ] || exit 0

echo "installing for the Docker tests:$missing" >&2
# RUNLEVEL=1: the packages' own start of the service is left out.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
# shellcheck disable=SC2086 # one word a package
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >/dev/null; then
    echo "could not install them: the Docker tests will be skipped" >&2
fi
