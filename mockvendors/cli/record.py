"""`mockvendors record`: stand between a client and its vendor, and write down what they say, without secrets."""

import asyncio
import os
import signal
import sys
import time
from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.cli.checks import LAST_PORT

if TYPE_CHECKING:
    from mockvendors.cassettes.recorder import Recorder

_INTERRUPTED = 2
_NOTHING = 5
EPILOG = """\b
Examples:
  mockvendors record anam --upstream "$ANAM_API_URL" --implementation "my-agent 1.2"
      copy the line that it prints into your client's shell, run the client, Ctrl-C
  mockvendors record anam --upstream http://127.0.0.1:8090 --name first-steps

Nothing is sent that your client does not send. Its key passes through and is never written.

\b
Exit codes:
  0  ended by Ctrl-C or SIGTERM, and written
  4  wrong input: vendor, address, port, a name that is taken; or more requests than a recording takes
  5  nothing was recorded
  7  the port is in use, the folder cannot be made, the disk is full, or something looked like a secret and was not written
"""


def record(
    vendor: Annotated[str, typer.Argument(help="The vendor whose API it is: anam.", metavar="VENDOR")],
    *,
    upstream: Annotated[str, typer.Option(help="The server to pass requests on to.", metavar="URL")],
    port: Annotated[
        int, typer.Option(min=0, max=LAST_PORT, help="The port to listen on, always on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    name: Annotated[str | None, typer.Option(help="The name of the recording; otherwise date and time.")] = None,
    directory: Annotated[Path, typer.Option(help="Where recordings lie.")] = Path("fixtures", "cassettes"),
    implementation: Annotated[str, typer.Option(help="Who sends, with version, for the header.", metavar="LABEL")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines to export.")] = False,
) -> None:
    """Record what a client and a vendor say to each other until Ctrl-C, in vcrpy's format and scrubbed.

    The lines to export go to stdout; they point a client at the recorder. What passes, without secrets, goes to stderr.
    """
    from mockvendors.cassettes.origin import Upstream  # noqa: PLC0415 - `--help` is quick
    from mockvendors.cassettes.place import Place, numbered_names  # noqa: PLC0415 - `--help` is quick
    from mockvendors.cassettes.recorder import Recorder  # noqa: PLC0415 - as above
    from mockvendors.contract import Contract  # noqa: PLC0415 - as above

    contract = Contract.load(vendor)
    server = Upstream.parse(upstream)
    names = [name] if name is not None else numbered_names(f"{datetime.now(UTC):%Y%m%d-%H%M%S}")
    place = Place.take(directory, vendor, names, "Name another place with --directory")
    try:
        recorder = Recorder(contract, server, place.folder, implementation)
        asyncio.run(_record(recorder, port, json=json))
    finally:
        place.give_back()
    if not recorder.count:
        raise typer.Exit(_NOTHING)


async def _record(recorder: "Recorder", port: int, *, json: bool) -> None:
    from mockvendors.cassettes.record_proxy import RecordProxy  # noqa: PLC0415 - `--help` is quick

    stop = _signals()
    proxy = RecordProxy(recorder, _tell)
    url = await proxy.start(port)
    try:
        _announce(recorder, url, json=json)
        await stop.wait()
    finally:
        try:
            await proxy.stop()
        finally:
            sys.stderr.write(f"{recorder.summary}\n")


def _signals() -> asyncio.Event:
    """Return what SIGINT and SIGTERM set; a second one does not wait."""
    stop = asyncio.Event()

    def on_signal() -> None:
        if stop.is_set():
            os._exit(_INTERRUPTED)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)
    return stop


def _announce(recorder: "Recorder", url: str, *, json: bool) -> None:
    names = recorder.contract.raw["info"].get("x-environment", {})
    variable = names.get("url", f"{recorder.contract.vendor.upper()}_API_URL")
    if json:
        told = {"vendor": recorder.contract.vendor, "url": url, "environment": {variable: url}}
        sys.stdout.write(dumps({**told, "upstream": recorder.upstream.shown, "recording": str(recorder.folder)}) + "\n")
    else:
        sys.stdout.write(f"export {variable}={quote(url)}\n")
    sys.stdout.flush()
    sys.stderr.write(f"Recording what passes on to {recorder.upstream.url} into {recorder.folder}. Ctrl-C ends it.\n")


def _tell(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()
