"""pytest does not start where two plugins add one option, and ours is loaded wherever mockvendors is installed."""

import subprocess
import sys

OTHERS = """
def pytest_addoption(parser):
    group = parser.getgroup("others")
    group.addoption("--report", action="append")  # pytest-reporter
    group.addoption("--profile", action="store_true")  # pytest-profiling
    group.addoption("--record-mode")  # pytest-recording
    group.addoption("--vcr-record")  # pytest-vcr
    group.addoption("--block-network", action="store_true")  # pytest-recording
"""


def test_options_stand_beside_those_of_well_known_plugins(tmp_path):
    tmp_path.joinpath("others.py").write_text(OTHERS)
    tmp_path.joinpath("test_one.py").write_text("def test_one(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "others", "-c", "/dev/null", "--rootdir=.", "test_one.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
