"""Somebody else's vendor as it is when it is new: a copy of examples/acme that can be made wrong, found as an installed package.

Wheels would say the same, minutes later: tests/examples installs them.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .running import LIMIT, ROOT

DISTRIBUTION = "acme_avatar-0.1.0.dist-info"
PLUGIN = "their_plugin.py"
METADATA = "Metadata-Version: 2.1\nName: acme-avatar\nVersion: 0.1.0\n"
ENTRY = "[mockvendors.vendors]\nacme = acme_mock:VENDOR\n"


@dataclass(frozen=True)
class Acme:
    """The folder of a copy, and the commands that judge by it."""

    folder: Path

    @classmethod
    def copied(cls, tmp_path):
        folder = tmp_path / "acme"
        shutil.copytree(ROOT / "examples" / "acme", folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / DISTRIBUTION).mkdir()
        (folder / DISTRIBUTION / "METADATA").write_text(METADATA)
        (folder / DISTRIBUTION / "entry_points.txt").write_text(ENTRY)
        shutil.copy(folder / "acme_avatar" / "__init__.py", folder / PLUGIN)  # which an environment without acme can import
        return cls(folder)

    def change(self, name, old, new):
        """Change what stands once in a file."""
        path = self.folder / name
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new))

    def add(self, name, text):
        """Write to the end of a file, or a new one."""
        with (self.folder / name).open("a") as file:
            file.write(text)

    def check(self, *arguments, plugin=True):
        """Return exit code and output of `mockvendors check acme`."""
        return self.run("-m", "mockvendors", "check", "acme", *self._plugin(given=plugin), *arguments)

    def pytest(self, *arguments, plugin=True):
        """Return exit code and output of pytest."""
        return self.run("-m", "pytest", "-p", "no:cacheprovider", *self._plugin(given=plugin), *arguments)

    def run(self, *arguments):
        """Return exit code and output of Python, in the folder of the copy."""
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=self.folder.parent,
            env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def _plugin(self, *, given):
        return [f"--implementation=agents:{self.folder / PLUGIN}"] if given else []
