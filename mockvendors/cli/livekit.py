"""`mockvendors livekit`: make sure that a LiveKit server can be had, before anybody waits for it."""

import typer

from mockvendors.room.server import livekit_server


def livekit() -> None:
    """Find a LiveKit server or build one into the cache, start it once, and say which way was taken.

    The first build takes minutes and shows its progress; after it a start takes a fraction of a second.
    """
    with livekit_server(lambda line: typer.echo(line, err=True)) as server:
        typer.echo(f"LiveKit {server.version or 'of unknown version'} answers ({server.source})")
