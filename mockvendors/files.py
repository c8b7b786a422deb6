"""Writing a file as a whole or not at all."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from mockvendors.errors import EnvironmentFault


def write_whole(path: Path, data: bytes, name: str = "", remedy: str = "Make room, or name another directory") -> None:
    """Put `data` at `path`: whoever reads sees the old file or the new one, also when we are killed in between.

    What a kill may leave is a hidden file beside it, which nothing reads. An EnvironmentFault says what the disk refused,
    of the file under its `name` (else its path), and what helps.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise EnvironmentFault(f"{name or path} cannot be written: {cause}", remedy) from error
