"""Remove a container when the process that started it is gone, even by SIGKILL.

Run as a file: `python -P reaper.py NAME`, with a pipe on stdin that only the owner holds. The owner writes a line when
it has removed the container itself; the end of the pipe without one means that nobody did.
"""

import sys
import time

PAUSES = (0.1, 0.4, 1.5, 0.0)
"""Seconds after each look for a container that is not there: the daemon may still be making it for the owner that died."""


def main(name: str) -> None:
    """Wait for the owner's line or end."""
    if sys.stdin.readline():
        return
    import docker  # noqa: PLC0415 - 0.2 s and 20 MB, needed only when the owner died
    from docker.errors import DockerException, NotFound  # noqa: PLC0415

    for pause in PAUSES:
        try:
            docker.from_env().containers.get(name).remove(force=True, v=True)
        except NotFound:
            time.sleep(pause)
        except (DockerException, OSError) as why:
            sys.exit(str(why))
        else:
            return


if __name__ == "__main__":
    main(sys.argv[1])
