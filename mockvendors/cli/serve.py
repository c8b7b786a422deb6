"""`mockvendors serve`: stand in for vendors until Ctrl-C, for an agent that somebody is building."""

import os
import sys
import time
from json import dumps
from shlex import quote
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from mockvendors.cli.checks import LAST_PORT
from mockvendors.cli.wish import Wish
from mockvendors.errors import MockvendorsError, UsageFault

if TYPE_CHECKING:
    from mockvendors.inspector.scene import Scene

_INTERRUPTED = 2
_LIBRARY = "livekit.rtc"


def serve(
    vendors: Annotated[list[str], typer.Argument(help="The vendors to stand in for: anam.", metavar="VENDOR")],
    *,
    host: Annotated[str, typer.Option(help="The address that the vendors listen on.")] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(min=0, max=LAST_PORT, help="The first vendor's port, the next takes the one after it; 0 takes free ones."),
    ] = 0,
    page_port: Annotated[
        int, typer.Option(min=0, max=LAST_PORT, help="The port of the page, on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    key: Annotated[str | None, typer.Option(help="The API key that works; otherwise one is made.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="Turn a setting; see --settings.", metavar="NAME=VALUE")] = None,
    fault: Annotated[
        list[str] | None, typer.Option(help="Let something go wrong; see docs/faults.md.", metavar="NAME:FIELD=VALUE,...")
    ] = None,
    livekit: Annotated[bool, typer.Option("--livekit/--no-livekit", help="Find or start a LiveKit server.")] = True,
    export_livekit: Annotated[
        bool, typer.Option("--export-livekit", help="Print a given LiveKit's variables too, its secret among them.")
    ] = False,
    admin_token: Annotated[
        str | None,
        typer.Option(
            envvar="MOCKVENDORS_ADMIN_TOKEN", help="What callers of /_mock must send; needed where others reach --host."
        ),
    ] = None,
    settings: Annotated[bool, typer.Option("--settings", help="Show the vendors' settings and exit.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines to export.")] = False,
) -> None:
    """Stand in for vendors until Ctrl-C, and print what to export so that your agent finds them.

    The lines to export go to stdout; the address of the page that shows the faces, and what happens, go to stderr.
    """
    began = time.monotonic()
    _check_once(vendors)
    if settings:
        _show_settings(vendors, json=json)
        return
    wish = Wish(
        tuple(vendors), host, port, page_port, key, tuple(set_ or ()), tuple(fault or ()), livekit, export_livekit, admin_token
    )
    _serve(wish, json=json, began=began)


def _serve(wish: Wish, *, json: bool, began: float) -> NoReturn:
    """Serve until a signal, and end the process; `began`: the clock's seconds when the command did."""
    try:
        from mockvendors.cli.serve_signals import Signals  # noqa: PLC0415 - `--help` is quick
        from mockvendors.cli.serving import serve_until_stopped  # noqa: PLC0415 - as above

        signals = Signals()
        signals.take()
        serve_until_stopped(wish, _Herald(wish, json=json, began=began), _tell, signals)
    except KeyboardInterrupt:  # typer would make it "Aborted!" and exit code 1 or 130
        raise typer.Exit(_INTERRUPTED) from None
    except MockvendorsError as error:
        if _LIBRARY not in sys.modules:
            raise
        _tell(f"mockvendors: {error}", "")
        _leave(error.exit_code)
    _leave(0)


def _check_once(vendors: list[str]) -> None:
    """Refuse a vendor that is named twice: there would be one of it, at one address, with one key."""
    twice = next((vendor for vendor in vendors if vendors.count(vendor) > 1), None)
    if twice is not None:
        remedy = "Name it once; POST /_mock/tenants makes another key, a second `mockvendors serve` another address"
        raise UsageFault(f"{twice!r} is named twice", remedy)


def _leave(code: int) -> NoReturn:
    """End the process with everything of ours closed, but without the interpreter's own end.

    Threads of LiveKit's library may call back into it until the very end; one that does while the interpreter goes away
    aborts the process (seen once in some twenty ends on a busy machine).
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _show_settings(vendors: list[str], *, json: bool) -> None:
    from mockvendors.cli import serve_settings  # noqa: PLC0415 - `--help` is quick

    rows = serve_settings.documented(vendors)
    if json:
        typer.echo(dumps(rows, indent=2))
    else:
        serve_settings.show(rows)


class _Herald:
    """Prints what there is: results on stdout, advice on stderr."""

    def __init__(self, wish: Wish, *, json: bool, began: float) -> None:
        self._wish = wish
        self._json = json
        self._began = began

    def listening(self, scene: "Scene") -> None:
        """See `Herald`."""
        if not self._json:
            _export(_vendor_variables(scene))

    def looking(self, scene: "Scene", page: str) -> None:
        """See `Herald`."""
        livekit = _livekit_variables(scene, given_too=self._wish.export_livekit)
        if self._json:
            typer.echo(dumps(_told(scene, page, {**_vendor_variables(scene), **livekit})))
        else:
            _export(livekit)
        if scene.livekit is None:
            _tell(f"Without LiveKit ({scene.without})", "yellow")
            _tell("The vendors answer all the same: an avatar joins the room that your agent's request names.", "")
        _tell(f"See the avatar: open {page}", "bold")
        _tell(f"Ready after {time.monotonic() - self._began:.1f} s. Ctrl-C ends it.", "dim")


def _vendor_variables(scene: "Scene") -> dict[str, str]:
    """Return what points a plugin at the mock; a contract says how the variables are called."""
    variables = {}
    for vendor, tenant in scene.tenants.items():
        prefix = vendor.upper().replace("-", "_")
        names = tenant.contract.raw["info"].get("x-environment", {})
        variables[names.get("url", f"{prefix}_API_URL")] = scene.addresses[vendor]
        variables[names.get("key", f"{prefix}_API_KEY")] = tenant.api_key
    return variables


def _livekit_variables(scene: "Scene", *, given_too: bool) -> dict[str, str]:
    """Return how to reach the LiveKit that was started here; one that was given is known, and its secret not ours."""
    livekit = scene.livekit
    if livekit is None or (livekit.source == "LIVEKIT_URL" and not given_too):
        return {}
    return {"LIVEKIT_URL": livekit.url, "LIVEKIT_API_KEY": livekit.api_key, "LIVEKIT_API_SECRET": livekit.api_secret}


def _told(scene: "Scene", page: str, environment: dict[str, str]) -> dict[str, object]:
    livekit = scene.livekit
    return {
        "vendors": {
            vendor: {"url": scene.addresses[vendor], "api_key": tenant.api_key} for vendor, tenant in scene.tenants.items()
        },
        "livekit": {"url": livekit.url, "source": livekit.source} if livekit else None,
        "environment": environment,
        "page": page,
    }


def _export(variables: dict[str, str]) -> None:
    for name, value in variables.items():
        sys.stdout.write(f"export {name}={quote(value)}\n")
    sys.stdout.flush()


def _tell(line: str, style: str) -> None:
    """Write one line for a person, never broken, in colour on a terminal."""
    from rich.console import Console  # noqa: PLC0415 - 0.1 s, which the first request need not wait for
    from rich.text import Text  # noqa: PLC0415 - as above

    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(line, style=style))
