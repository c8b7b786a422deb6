"""What `serve` is asked for; a file of its own, since `--help` is quick and what serves is not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """What the command line asks for."""

    vendors: tuple[str, ...]
    host: str
    port: int
    page_port: int
    key: str | None
    settings: tuple[str, ...]
    faults: tuple[str, ...]
    livekit: bool
    export_livekit: bool
    admin_token: str | None
