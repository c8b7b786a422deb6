"""Vendors that installed packages offer: found by their entry points, and each mistake of a package told in one line."""

import os
import subprocess
import sys

import pytest

from mockvendors import paths

CONTRACT = paths.contracts() / "anam" / "contract.yaml"
OFFER = """
from pathlib import Path
from mockvendors.registry import Registration
VENDOR = Registration(Path({contract!r}), None)
"""


@pytest.fixture
def site(tmp_path):
    """Install packages of one module into a folder, as an installer leaves them; return what is on the path there."""

    def install(name, code, vendor="acme", target="{}:VENDOR"):
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[mockvendors.vendors]\n{vendor} = {target.format(name)}\n")
        (tmp_path / f"{name}.py").write_text(code)

    return install


def mockvendors(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "mockvendors", *arguments],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def told(folder, *arguments):
    """Return the one line of a mistake."""
    done = mockvendors(folder, *arguments)
    assert done.returncode == 4, done.stdout + done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_vendor_of_another_package_is_found(site, tmp_path):
    site("acme_mock", OFFER.format(contract=str(CONTRACT)))
    done = mockvendors(tmp_path, "contract", "acme")
    assert done.returncode == 0, done.stderr
    assert "anam.auth.bearer" in done.stdout
    assert "Known vendors: acme, anam" in told(tmp_path, "serve", "nobody")


def test_two_packages_with_one_vendor(site, tmp_path):
    site("acme_mock", OFFER.format(contract=str(CONTRACT)))
    site("other_mock", OFFER.format(contract=str(CONTRACT)))
    line = told(tmp_path, "contract", "acme")
    assert "The vendor acme is offered by 2 packages: acme_mock 1.0, other_mock 1.0. Uninstall all but one" in line


def test_nobody_takes_the_place_of_a_vendor_of_ours(site, tmp_path):
    site("acme_mock", OFFER.format(contract=str(CONTRACT)), vendor="anam")
    assert "The vendor anam is offered by 2 packages: acme_mock 1.0, mockvendors" in told(tmp_path, "serve", "anam")


@pytest.mark.parametrize(
    ("code", "target", "cause"),
    [
        ("", "no_such_module:VENDOR", "no_such_module:VENDOR: ModuleNotFoundError: No module named 'no_such_module'"),
        ("", "{}:VENDOR", "acme_mock:VENDOR: AttributeError: "),
        ("import yaml\nyaml.safe_load('{')", "{}:VENDOR", "acme_mock:VENDOR: ParserError: "),
        ("VENDOR = 1", "{}:VENDOR", "acme_mock:VENDOR: it is of the type int. Name a mockvendors.registry.Registration there"),
    ],
    ids=["no-module", "no-name", "raises", "no-registration"],
)
def test_what_cannot_be_loaded_is_told_in_one_line(site, tmp_path, code, target, cause):
    site("acme_mock", code, target=target)
    assert f"The vendor acme of acme_mock 1.0 cannot be loaded from {cause}" in told(tmp_path, "contract", "acme")
    assert mockvendors(tmp_path, "contract", "anam").returncode == 0, "another vendor does not suffer"


def test_contract_that_is_not_there(site, tmp_path):
    site("acme_mock", OFFER.format(contract=str(tmp_path / "contract.yaml")))
    line = told(tmp_path, "serve", "acme", "--no-livekit")
    assert f"Contract {tmp_path / 'contract.yaml'} cannot be read: No such file or directory. Check its path" in line


def test_vendor_without_a_suite_is_served_and_not_judged(site, tmp_path):
    site("acme_mock", OFFER.format(contract=str(CONTRACT)))
    line = told(tmp_path, "check", "acme")
    assert "The vendor acme has no suite. Register a folder with traits.py (registered: None)" in line
