"""The installed wheel, in a plugin's own environment: `pytest --pyargs mockvendors.suites.anam` and nothing else."""

import os
import subprocess
import zipfile

import pytest


def suite(python, folder, *options):
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    command = [str(python), "-m", "pytest", "--pyargs", "mockvendors.suites.anam", "-q", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_nothing_lands_at_the_top(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"mockvendors", next(n for n in names if ".dist-info" in n).split("/")[0]}
    for needed in (
        "contracts/anam/contract.yaml",
        "contracts/anam/profiles/2026.1.yaml",
        "contracts/core/profiles/2026.1.yaml",
        "suites/anam/plugin.py",
        "suites/anam/plugin.mjs",
        "suites/anam/expected/livekit-plugins-anam.toml",
        "drivers/node/main.mjs",
        "drivers/protocol.schema.json",
        "drivers/python_object/driver.py",
        "report/report.schema.json",
    ):
        assert f"mockvendors/{needed}" in names


@pytest.mark.parametrize("version", ["1.5.17", "1.8.9"])
def test_suite_runs_from_the_wheel(wheel, environment, tmp_path, version):
    # httpx: plugins up to 1.6.9 import it, and no dependency of theirs brings it any more
    python = environment(wheel, f"livekit-agents=={version}", f"livekit-plugins-anam=={version}", "httpx")
    folder = tmp_path / "a-plugins-repository"
    folder.mkdir()
    done = suite(python, folder, "-k", "TestToken or TestRequest or shown")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"livekit-plugins-anam {version} (livekit-agents {version})" in done.stdout
    assert not list(folder.iterdir())
    (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "--no-such-option"\n')
    (folder / "conftest.py").write_text('raise RuntimeError("of the plugin, for its own tests")\n')
    done = subprocess.run(
        [str(python.with_name("mockvendors")), "check", "anam", "--rule", "core.token.kind", "--report", "run.jsonl"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(file.name for file in folder.iterdir()) == ["conftest.py", "pyproject.toml", "run.jsonl"]
