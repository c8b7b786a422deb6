"""Run a program that dies with its parent thread, even when the parent gets SIGKILL.

Run as a file by a bare interpreter, which then becomes the program: `python -I -S leash.py PARENT_PID PROGRAM ARG...`.
Not a `preexec_fn`: that runs Python between fork and exec, which can deadlock in a process with threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Ask the kernel for SIGKILL at the parent's death, then become the command."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        sys.exit(1)
    try:
        os.execv(command[0], command)  # noqa: S606 - replacing this process is its purpose
    except OSError as why:
        sys.exit(f"{command[0]}: {why.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
