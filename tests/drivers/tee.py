"""Stands before a driver and writes down both streams: `python tee.py FOLDER PROGRAM ARGUMENT...`, two files a process."""

import os
import subprocess
import sys
import threading
from pathlib import Path

folder, *command = sys.argv[1:]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def copy(source, target, name):
    with Path(folder, f"{os.getpid()}.{name}").open("wb") as log:
        for line in source:
            log.write(line)
            log.flush()
            target.write(line)
            target.flush()


def ask():
    copy(sys.stdin.buffer, child.stdin, "in")
    child.stdin.close()


threading.Thread(target=ask, daemon=True).start()
copy(child.stdout, sys.stdout.buffer, "out")
os._exit(child.wait())
