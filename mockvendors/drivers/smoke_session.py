"""The session that `smoke` goes through: without a room, started at a small vendor of its own."""

import asyncio
from collections.abc import Mapping
from typing import Any

from mockvendors import limits
from mockvendors.drivers.messages import Hello
from mockvendors.drivers.named import CORRECT
from mockvendors.drivers.smoke_checks import ASKS, OPENS, RETURNS
from mockvendors.drivers.smoke_seen import Seen
from mockvendors.drivers.smoke_talk import Message, Talk
from mockvendors.drivers.smoke_trial import SESSION, Trial, error_of, fair, what
from mockvendors.drivers.smoke_vendor import SilentVendor

NOWHERE = {"url": "ws://127.0.0.1:9", "api_key": "devkey", "api_secret": "a-secret-that-opens-no-room-anywhere"}
"""The discard port: no room is joined."""
CONNECTION = {"max_retry": 1, "retry_interval": 0.01, "timeout": 10.0}
"""A retry is left: a plugin that counts tries instead would not ask at all."""


async def session(trial: Trial, options: Mapping[str, Any], hello: Hello) -> None:
    """Open a session without a room, start it at a vendor that says nothing, ping meanwhile, and close it."""
    async with SilentVendor() as vendor:
        reply = await opened(trial.talk, vendor.base_url)
        if reply is None:
            await trial.unanswered("session", "open", limits.DRIVER_OPEN)
            return
        if "unsupported" in reply:  # without a room there is nothing that could be tried here
            for check in ("session", "claims", "ping"):
                trial.seen.note(check, None, f"not tried, for want of a session without a room: {what(reply)}")
            return
        trial.seen.note("session", fair(reply), f"open: {what(reply)}", "" if fair(reply) else OPENS)
        if not fair(reply):
            return
        await _start(trial, options, hello, vendor)
    if "wait-for-join" in hello.capabilities:
        # Its silence is excused: it may be the plugin that waits on, for an avatar that does not come.
        waited = await trial.talk.ask("ready", limits.DRIVER_PING, session=SESSION, timeout_ms=1)
        claimed(trial.seen, "wait-for-join", "ready", waited)
    trial.seen.note("claims", True, "none of those that were tried is unsupported")
    closed = await trial.ask("session", "close", limits.DRIVER_CLOSE, session=SESSION, how="job")
    if closed is not None:
        trial.seen.note("session", fair(closed), f"close: {what(closed)}")


async def opened(talk: Talk, base_url: str, *, connect: bool = False, limit: float = limits.DRIVER_OPEN) -> Message | None:
    """Ask for a session, and return the reply."""
    vendor = {"base_url": base_url, "api_key": "mock_smoke"}
    fields = {"session": SESSION, "room": SESSION, "livekit": NOWHERE, "vendor": vendor, "connect": connect, "job": True}
    return await talk.ask("open", limit, **fields)


def claimed(seen: Seen, claim: str, asked: str, reply: Message | None) -> None:
    """Note a claim that is not true. Whether it is done well is for the cases."""
    if "unsupported" in (reply or {}):
        seen.note("claims", False, f"claims {claim} but answers {asked} by {what(reply or {})}")


async def _start(trial: Trial, options: Mapping[str, Any], hello: Hello, vendor: SilentVendor) -> None:
    talk, seen = trial.talk, trial.seen
    connection = CONNECTION if "connection-options" in hello.capabilities else None
    number = talk.send("start", session=SESSION, options=dict(options), connection=connection, env=None)
    asked = await _asked(vendor, talk, number)
    pong = None
    if talk.answered(number) is None and talk.code is None:
        pong = await talk.ask("ping", limits.DRIVER_PING)
    came_back = talk.answered(number)
    vendor.refuse()
    started = await talk.reply(number, limits.SMOKE_START) if asked else came_back
    if started is None:
        aside = ", though the vendor (smoke's own) had refused it" if asked else ", and nobody asked the vendor (smoke's own)"
        await trial.unanswered("session", "start", limits.SMOKE_START, aside, RETURNS if asked else ASKS)
    if pong is not None or came_back is None:
        seen.note("ping", "ok" in (pong or {}), f"while a start was pending: {_pong(talk, pong)}")
    else:
        seen.note("ping", None, f"not tried: no start was pending, it came back: {what(came_back)}")
    if started is None:
        return
    if connection is not None:
        claimed(seen, "connection-options", "start with `connection`", started)
    error = error_of(started)
    remedy = CORRECT if error is not None and error.description is not None else ""
    seen.note("session", fair(started), f"start, which the vendor (smoke's own) refuses: {what(started)}", remedy)


def _pong(talk: Talk, pong: Message | None) -> str:
    return what(pong) if pong is not None else talk.silence("ping", limits.DRIVER_PING)


async def _asked(vendor: SilentVendor, talk: Talk, number: int) -> bool:
    """Wait until the vendor is asked, or the start comes back without that; tell whether it was asked."""
    tasks = [asyncio.ensure_future(vendor.asked.wait()), asyncio.ensure_future(talk.reply(number, limits.SMOKE_START))]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return vendor.asked.is_set()
