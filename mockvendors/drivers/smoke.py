"""`smoke`: judges a driver before its implementation is judged. What it holds a driver to is docs/driver-protocol.md."""

import asyncio
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockvendors import limits
from mockvendors.drivers.messages import PROTOCOL, DriverError, Hello
from mockvendors.drivers.smoke_checks import CHECKS, NO_TRY, Finding
from mockvendors.drivers.smoke_talk import Message, Program, Talk
from mockvendors.drivers.smoke_vendor import SilentVendor
from mockvendors.errors import UsageFault

OTHER_PROTOCOL = 99
"""A version that nobody speaks."""
NOWHERE = {"url": "ws://127.0.0.1:9", "api_key": "devkey", "api_secret": "a-secret-that-opens-no-room-anywhere"}
"""The discard port: no room is joined."""
SESSION = "smoke"
CONNECTION = {"max_retry": 1, "retry_interval": 0.01, "timeout": 10.0}
"""A retry is left: a plugin that counts tries instead would not ask at all."""


@dataclass(frozen=True)
class Report:
    """What became of each check, in the order of `CHECKS`; and who greeted, if anybody did."""

    findings: tuple[Finding, ...]
    hello: Hello | None
    stderr: tuple[str, ...] = ()
    """The last lines of the driver that went through a whole session."""

    @property
    def passed(self) -> bool:
        """Tell whether no check failed."""
        return all(finding.passed is not False for finding in self.findings)

    @property
    def failures(self) -> str:
        """Say in one paragraph what failed, and what to do."""
        return "; ".join(f"{each.check}: {each.told} ({each.remedy})" for each in self.findings if each.passed is False)


@dataclass
class Seen:
    """What was seen of each check so far: the first failure stays."""

    of: dict[str, tuple[bool | None, str]] = field(default_factory=dict)
    stderr: tuple[str, ...] = ()

    def note(self, check: str, passed: bool | None, told: str) -> None:
        """Note what was seen of a check; None: why nothing could be."""
        if self.of.get(check, (True, ""))[0] is not False:
            self.of[check] = (passed, told)

    def findings(self) -> tuple[Finding, ...]:
        """Return all checks; one of which nothing was seen was not tried."""
        return tuple(
            Finding(name, *self.of[name], check.remedy) if name in self.of else Finding(name, None, NO_TRY, "")
            for name, check in CHECKS.items()
        )


async def smoke(program: Program, options: Mapping[str, Any]) -> Report:
    """Judge a driver; `options` are the least with which a suite starts a session of its vendor.

    Raises UsageFault where what it drives cannot be loaded, HarnessFault where it cannot be started at all.
    """
    seen = Seen()
    talks = (_whole(program, options, seen), _other_protocol(program, seen), _orphaned(program, seen))
    hello, *others = await asyncio.gather(*talks, return_exceptions=True)  # each ends its process, whatever befalls another
    if isinstance(hello, BaseException):
        raise hello
    for other in others:
        if isinstance(other, BaseException):
            raise other
    if hello is not None and "room" in hello.capabilities:
        await _room(program, seen)
    return Report(seen.findings(), hello, seen.stderr)


async def _whole(program: Program, options: Mapping[str, Any], seen: Seen) -> Hello | None:
    """Go through a whole session, and end it by `shutdown`."""
    talk = await Talk.begin(program)
    try:
        hello = await _greet(talk, seen)
        if hello is not None:
            await _refusals(talk, seen)
            await _session(talk, seen, options, hello)
            await _shutdown(talk, seen)
        await _children(talk, seen)
    finally:
        await talk.stop()
    _stream(talk, seen)
    seen.stderr = tuple(talk.stderr)
    wrong = talk.counts()
    seen.note("once", not wrong, _some(wrong))
    return hello


async def _greet(talk: Talk, seen: Seen) -> Hello | None:
    reply = await talk.ask("hello", limits.DRIVER_HELLO, protocol=[PROTOCOL], harness="mockvendors smoke")
    error = _error(reply)
    if error is not None and error.kind == "configuration":
        raise UsageFault(f"the driver cannot load what it drives: {error.message}", "Correct the part behind the colon")
    if reply is None and talk.importing and talk.code not in (None, -signal.SIGKILL):  # SIGKILL: the machine's, short of memory
        told = f"the plugin {talk.importing} cannot be imported: {talk.silence().removeprefix('no answer: ')}"
        raise UsageFault(f"the driver cannot load what it drives: {told}", "Correct the part behind the colon")
    ok = (reply or {}).get("ok")
    if not isinstance(ok, dict) or ok.get("protocol") != PROTOCOL or talk.invalid:
        spoken = ok.get("protocol") if isinstance(ok, dict) else None
        told = _what(talk, reply) if spoken in (None, PROTOCOL) else f"it speaks protocol {spoken}"
        seen.note("hello", False, f"asked for protocol {PROTOCOL}: {told}")
        return None
    hello = Hello.from_message(ok)
    seen.note("hello", True, f"{hello}, which claims {', '.join(sorted(hello.capabilities)) or 'nothing'}")
    return hello


async def _refusals(talk: Talk, seen: Seen) -> None:
    again = await talk.ask("hello", limits.DRIVER_PING, protocol=[PROTOCOL])
    seen.note("hello-once", _error(again) is not None, _what(talk, again))
    unknown = await talk.ask("smoke-unknown", limits.DRIVER_PING, session=SESSION)
    seen.note("unknown-command", "unsupported" in (unknown or {}), _what(talk, unknown))
    nobody = await talk.ask("start", limits.DRIVER_PING, session="nobody", options={}, connection=None, env=None)
    error = _error(nobody)
    seen.note("unknown-session", error is not None and error.kind == "driver", _what(talk, nobody))


async def _session(talk: Talk, seen: Seen, options: Mapping[str, Any], hello: Hello) -> None:
    """Open a session without a room, start it at a vendor that says nothing, ping meanwhile, and close it."""
    async with SilentVendor() as vendor:
        opened = await _open(talk, vendor.base_url)
        if "unsupported" in (opened or {}):  # without a room there is nothing that could be tried here
            for check in ("session", "claims", "ping"):
                seen.note(check, None, f"not tried, for want of a session without a room: {_what(talk, opened)}")
            return
        seen.note("session", _fair(opened), f"open: {_what(talk, opened)}")
        if not _fair(opened):
            return
        seen.note("claims", True, "none of those that were tried is unsupported")
        connection = CONNECTION if "connection-options" in hello.capabilities else None
        number = talk.send("start", session=SESSION, options=dict(options), connection=connection, env=None)
        await _asked(vendor, talk, number)
        if talk.answered(number) is None:
            answer = await talk.ask("ping", limits.DRIVER_PING)
            seen.note("ping", "ok" in (answer or {}), f"while a start was pending: {_what(talk, answer)}")
        else:
            seen.note("ping", None, f"not tried: no start was pending, it came back: {_what(talk, talk.answered(number))}")
        vendor.refuse()
        started = await talk.reply(number, limits.SMOKE_START)
        seen.note("session", _fair(started), f"start, which the vendor refuses: {_what(talk, started)}")
        if connection is not None:
            _claimed(talk, seen, "connection-options", "start with `connection`", started)
        if "wait-for-join" in hello.capabilities:
            number = talk.send("ready", session=SESSION, timeout_ms=1)
            _claimed(talk, seen, "wait-for-join", "ready", await talk.reply(number, limits.DRIVER_PING))
            talk.excuse(number)  # it may be the plugin that waits on, for an avatar that does not come
        closed = await talk.ask("close", limits.DRIVER_CLOSE, session=SESSION, how="job")
        seen.note("session", _fair(closed), f"close: {_what(talk, closed)}")


async def _room(program: Program, seen: Seen) -> None:
    """Ask for a room that is nowhere, as a driver that claims rooms may be asked: what counts is that it does try."""
    talk = await Talk.begin(program)
    try:
        if "ok" in (await talk.ask("hello", limits.DRIVER_HELLO, protocol=[PROTOCOL]) or {}):
            opened = await _open(talk, NOWHERE["url"].replace("ws", "http"), connect=True, limit=limits.DRIVER_PING)
            _claimed(talk, seen, "room", "open with `connect` true", opened)
    finally:
        await talk.stop()


def _claimed(talk: Talk, seen: Seen, claim: str, what: str, reply: Message | None) -> None:
    """Note a claim that is not true. Whether it is done well is for the cases, and silence has checks of its own."""
    if "unsupported" in (reply or {}):
        seen.note("claims", False, f"claims {claim} but answers {what} by {_what(talk, reply)}")


async def _open(talk: Talk, base_url: str, *, connect: bool = False, limit: float = limits.DRIVER_OPEN) -> Message | None:
    vendor = {"base_url": base_url, "api_key": "mock_smoke"}
    fields = {"session": SESSION, "room": SESSION, "livekit": NOWHERE, "vendor": vendor, "connect": connect, "job": True}
    return await talk.ask("open", limit, **fields)


async def _asked(vendor: SilentVendor, talk: Talk, number: int) -> None:
    """Wait until the vendor is asked, or the start comes back without that."""
    tasks = [asyncio.ensure_future(vendor.asked.wait()), asyncio.ensure_future(talk.reply(number, limits.SMOKE_START))]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _shutdown(talk: Talk, seen: Seen) -> None:
    reply = await talk.ask("shutdown", limits.DRIVER_SHUTDOWN)
    code = await talk.ended(limits.DRIVER_SHUTDOWN)
    told = _what(talk, reply) if reply is None else f"{_what(talk, reply)}, then {_end(code, limits.DRIVER_SHUTDOWN)}"
    seen.note("shutdown", "ok" in (reply or {}) and code == 0, told)


async def _other_protocol(program: Program, seen: Seen) -> None:
    talk = await Talk.begin(program)
    try:
        reply = await talk.ask("hello", limits.DRIVER_HELLO, protocol=[OTHER_PROTOCOL], harness="mockvendors smoke")
        told = f"asked for protocol {OTHER_PROTOCOL}: {_what(talk, reply)}"
        seen.note("other-protocol", _error(reply) is not None, told)
    finally:
        await talk.stop()
    _stream(talk, seen)


async def _orphaned(program: Program, seen: Seen) -> None:
    """End stdin in the middle of a session, as the death of the harness does."""
    talk = await Talk.begin(program)
    try:
        if "ok" not in (await talk.ask("hello", limits.DRIVER_HELLO, protocol=[PROTOCOL]) or {}):
            return
        await _open(talk, NOWHERE["url"].replace("ws", "http"))
        await talk.end_stdin()
        code = await talk.ended(limits.DRIVER_SHUTDOWN)
        seen.note("end-of-stdin", code == 0, _end(code, limits.DRIVER_SHUTDOWN))
        await _children(talk, seen)
    finally:
        await talk.stop()
    _stream(talk, seen)


async def _children(talk: Talk, seen: Seen) -> None:
    left = await talk.children()
    if left is None:
        return
    seen.note("children", not left, f"still running after its end: {', '.join(map(str, left))}" if left else "none is left")


def _stream(talk: Talk, seen: Seen) -> None:
    """Note what is wrong with all that one process said."""
    for check, wrong in (("stdout", talk.garbage), ("valid", talk.invalid)):
        seen.note(check, not wrong, _some(wrong))


def _some(wrong: list[str]) -> str:
    more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""  # noqa: PLR2004  # as many as a reader takes in
    return "; ".join(wrong[:3]) + more


def _error(reply: Message | None) -> DriverError | None:
    error = (reply or {}).get("error")
    return DriverError.from_message(error) if isinstance(error, dict) else None


def _fair(reply: Message | None) -> bool:
    """Tell whether a driver did what was asked: what the implementation raises is not its fault."""
    error = _error(reply)
    return reply is not None and (error is None or error.kind != "driver")


def _what(talk: Talk, reply: Message | None) -> str:
    """Say in words what was answered."""
    if reply is None:
        return talk.silence()
    if (error := _error(reply)) is not None:
        return f"error of kind {error.kind}: {error}"[:300]
    return f"unsupported: {reply['unsupported']}" if "unsupported" in reply else f"ok {reply.get('ok')}"[:300]


def _end(code: int | None, limit: float) -> str:
    return f"no end within {limits.scaled(limit):g} s" if code is None else f"ended with {code}"


def told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain data."""
    return [{"check": f.check, "passed": f.passed, "told": f.told, "remedy": f.remedy} for f in findings]
