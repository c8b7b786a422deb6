"""Run a driver in a Docker container that is gone when its `docker run` is gone, even by SIGKILL.

Run as a file: `python -P contained.py DOCKER RUN_OPTION... IMAGE [ARGUMENT...]`. It starts a reaper and becomes the `docker run`
itself, which holds the other end of the reaper's stdin until it ends, in whatever way. Standard library alone.
"""

import os
import secrets
import subprocess
import sys
import time

PAUSES = (0.1, 0.4, 1.5)
"""Seconds after each look for a container that is not there: the daemon may still be making it for a client that was killed."""
REAP = "--reap"


def main(docker: str, arguments: list[str]) -> None:
    """Start the reaper, then become the client."""
    name = f"mockvendors-driver-{secrets.token_hex(6)}"
    theirs, ours = os.pipe()
    subprocess.Popen(  # noqa: S603 - our own file
        [sys.executable, "-P", __file__, REAP, docker, name],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(theirs)
    os.set_inheritable(ours, True)  # the client does not know of it, and keeps it open
    os.execv(docker, [docker, "run", "--name", name, *arguments])  # noqa: S606 - replacing this process is its purpose


def reap(docker: str, name: str) -> None:
    """Wait for the client's end; then remove what it may have left."""
    sys.stdin.read()
    for pause in (*PAUSES, 0.0):
        done = subprocess.run([docker, "rm", "--force", "--volumes", name], capture_output=True, text=True, check=False)  # noqa: S603
        if done.stdout.strip() == name:
            return
        time.sleep(pause)


if __name__ == "__main__":
    if sys.argv[1] == REAP:
        reap(*sys.argv[2:])
    else:
        main(sys.argv[1], sys.argv[2:])
