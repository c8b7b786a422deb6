"""Whoever watches a terminal learns which case takes long, while it does."""

import os
import pty
import subprocess

from tests.conformance.running import LIMIT, ROOT, case, command, run

WAITS = """
    async def test_it(self, vendor, check):
        import asyncio, pathlib
        while not pathlib.Path({go!r}).exists():
            await asyncio.sleep(0.01)
        check("core.config.key", 1, 1)
"""
SCALE = {"MOCKVENDORS_TIME_SCALE": "0.02"}
TOLD = "test_ours.py::TestOurs::test_it has been running for 0.1 s"


def test_case_that_takes_long_is_named_while_it_runs(tmp_path):
    go = tmp_path / "go"
    master, slave = pty.openpty()
    arguments = command(*case(tmp_path, WAITS.format(go=str(go))))
    running = subprocess.Popen(arguments, cwd=ROOT, stdout=slave, stderr=slave, env={**os.environ, **SCALE})
    os.close(slave)
    said = ""
    while TOLD not in said:
        said += os.read(master, 4096).decode()  # the end of the run ends it with an OSError
    go.touch()
    while part := rest(master):
        said += part
    assert running.wait(LIMIT) == 0, said
    assert said.count("has been running") == 1
    os.close(master)


def rest(master):
    try:
        return os.read(master, 4096).decode(errors="replace")
    except OSError:  # Linux tells the end of a terminal so
        return ""


def test_nobody_is_told_where_nobody_watches(tmp_path):
    text = """
        async def test_it(self, request, check):
            watching = [name for name in map(repr, request.config.pluginmanager.get_plugins()) if "report_watch" in name]
            check("core.config.key", watching, [])
    """
    code, output = run(*case(tmp_path, text))
    assert code == 0, output
