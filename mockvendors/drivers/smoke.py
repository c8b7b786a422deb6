"""`smoke`: judges a driver before its implementation is judged. What it holds a driver to is docs/driver-protocol.md."""

import asyncio
import signal
from collections.abc import Mapping
from typing import Any

from mockvendors import limits
from mockvendors.drivers import streams
from mockvendors.drivers.messages import PROTOCOL, Hello
from mockvendors.drivers.named import Named, greeted
from mockvendors.drivers.smoke_checks import BY_HAND, FLUSHED
from mockvendors.drivers.smoke_seen import Report, Seen
from mockvendors.drivers.smoke_session import NOWHERE, claimed, opened, session
from mockvendors.drivers.smoke_talk import Message, Program, Talk
from mockvendors.drivers.smoke_trial import SESSION, Over, Trial, error_of, what

OTHER_PROTOCOL = 99
"""A version that nobody speaks."""
NOBODYS = Named()


async def smoke(program: Program, options: Mapping[str, Any], named: Named = NOBODYS) -> Report:
    """Judge a driver; `options` are the least with which a suite starts a session of its vendor.

    Raises UsageFault where what it drives cannot be loaded, HarnessFault where it cannot be started at all.
    """
    seen = Seen()
    talks = (_whole(program, options, seen, named), _other_protocol(program, seen), _orphaned(program, seen))
    hello, *others = await asyncio.gather(*talks, return_exceptions=True)  # each ends its process, whatever befalls another
    if isinstance(hello, BaseException):
        raise hello
    for other in others:
        if isinstance(other, BaseException):
            raise other
    if "hello" in seen.unanswered and others[0] is None:
        seen.of.pop("other-protocol")  # the same silence as that of `hello`, which is told there
    if hello is not None and "room" in hello.capabilities:
        await _room(program, seen)
    return Report(seen.findings(), hello, seen.stderr, silent="hello" in seen.unanswered)


async def _whole(program: Program, options: Mapping[str, Any], seen: Seen, named: Named) -> Hello | None:
    """Go through a whole session, and end it by `shutdown`."""
    talk = await Talk.begin(program)
    trial = Trial(talk, seen)
    hello = None
    try:
        hello = await _greet(trial, program, named)
        if hello is not None:
            await _refusals(trial)
            await session(trial, options, hello)
            await _shutdown(trial)
            await _children(talk, seen)
    except Over as why:
        seen.over = str(why)
    finally:
        await talk.stop()
    seen.stderr = tuple(talk.stderr)
    _stream(talk, seen)
    return hello


async def _greet(trial: Trial, program: Program, named: Named) -> Hello | None:
    talk = trial.talk
    reply = await talk.ask("hello", limits.DRIVER_HELLO, protocol=[PROTOCOL], harness="mockvendors smoke")
    error = error_of(reply)
    if error is not None and (fault := named.description_fault(error)) is not None:
        await talk.stop()
        raise fault
    if error is not None and error.kind == "configuration":
        await talk.stop()  # to the end of what it has to say
        raise named.not_loaded(error.message, talk.stderr)
    if reply is None:
        trial.seen.unanswered.append("hello")
        await _silent(trial, program, named)
        return None
    ok = reply.get("ok")
    if not isinstance(ok, dict) or ok.get("protocol") != PROTOCOL or talk.invalid:
        spoken = ok.get("protocol") if isinstance(ok, dict) else None
        wrong = next(iter(talk.invalid), what(reply))
        told = wrong if spoken in (None, PROTOCOL) else f"it speaks protocol {spoken}"
        trial.seen.note("hello", False, f"asked for protocol {PROTOCOL}: {told}")
        return None
    hello = Hello.from_message(ok)
    trial.seen.note("hello", True, f"{hello}, which claims {', '.join(sorted(hello.capabilities)) or 'nothing'}")
    return hello


async def _silent(trial: Trial, program: Program, named: Named) -> None:
    """Note that nobody greets. Raises a MockvendorsError where that is done by what is being loaded."""
    talk = trial.talk
    code = talk.code
    told = talk.silence("hello", limits.DRIVER_HELLO)
    if talk.loading is not None and code != -signal.SIGKILL:  # that is the machine's, short of memory
        await talk.stop()
        if code is None:
            raise named.hanging(talk.loading, limits.scaled(limits.DRIVER_HELLO), program.by_hand, talk.stderr)
        raise named.deadly(talk.loading, streams.ending(code), program.by_hand, talk.stderr)
    remedy = (FLUSHED if code is None else BY_HAND).format(greeted(program.by_hand))
    trial.seen.note("hello", False, f"asked for protocol {PROTOCOL}: {told}", remedy)
    raise Over("nobody greeted")


async def _refusals(trial: Trial) -> None:
    again = await trial.ask("hello-once", "hello", protocol=[PROTOCOL])
    if again is not None:
        trial.seen.note("hello-once", error_of(again) is not None, what(again))
    unknown = await trial.ask("unknown-command", "smoke-unknown", session=SESSION)
    if unknown is not None:
        trial.seen.note("unknown-command", "unsupported" in unknown, what(unknown))
    nobody = await trial.ask("unknown-session", "start", session="nobody", options={}, connection=None, env=None)
    if nobody is not None:
        error = error_of(nobody)
        trial.seen.note("unknown-session", error is not None and error.kind == "driver", what(nobody))


async def _shutdown(trial: Trial) -> None:
    limit = limits.DRIVER_SHUTDOWN
    reply = await trial.talk.ask("shutdown", limit)
    code = await trial.talk.ended(limit)
    if reply is None:
        trial.seen.unanswered.append("shutdown")
    told = f"{what(reply)}, then {_end(code, limit)}" if reply is not None else trial.talk.silence("shutdown", limit)
    trial.seen.note("shutdown", "ok" in (reply or {}) and code == 0, told)


async def _room(program: Program, seen: Seen) -> None:
    """Ask for a room that is nowhere, as a driver that claims rooms may be asked: what counts is that it does try."""
    talk = await Talk.begin(program)
    try:
        if "ok" not in (await talk.ask("hello", limits.DRIVER_HELLO, protocol=[PROTOCOL]) or {}):
            return
        reply = await opened(talk, NOWHERE["url"].replace("ws", "http"), connect=True, limit=limits.DRIVER_PING)
        claimed(seen, "room", "open with `connect` true", reply)
        if reply is None and talk.code is not None:
            told = f"asked for a room that is nowhere: {talk.silence('open', limits.DRIVER_PING)}"
            seen.note("claims", False, told, "Answer an `open` whose room cannot be joined by an error of kind room")
    finally:
        await talk.stop()


async def _other_protocol(program: Program, seen: Seen) -> Message | None:
    talk = await Talk.begin(program)
    try:
        reply = await talk.ask("hello", limits.DRIVER_HELLO, protocol=[OTHER_PROTOCOL], harness="mockvendors smoke")
        told = what(reply) if reply is not None else talk.silence("hello", limits.DRIVER_HELLO)
        seen.note("other-protocol", error_of(reply) is not None, f"asked for protocol {OTHER_PROTOCOL}: {told}")
    finally:
        await talk.stop()
    _stream(talk, seen)
    return reply


async def _orphaned(program: Program, seen: Seen) -> None:
    """End stdin in the middle of a session, as the death of the harness does."""
    talk = await Talk.begin(program)
    try:
        if "ok" not in (await talk.ask("hello", limits.DRIVER_HELLO, protocol=[PROTOCOL]) or {}):
            return
        reply = await opened(talk, NOWHERE["url"].replace("ws", "http"))
        if reply is None:
            seen.note("end-of-stdin", None, f"not tried: {talk.silence('open', limits.DRIVER_OPEN)}")
            return
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
    """Note what is wrong with all that one process said; where it said nothing, or not to the end, nothing is passed."""
    for check, wrong in (("stdout", talk.garbage), ("valid", talk.invalid), ("once", talk.counts())):
        if wrong:
            seen.note(check, False, _some(wrong))
        elif seen.over:
            seen.note(check, None, f"not tried to the end: {seen.over}")
        elif check == "once" and seen.unanswered:
            seen.note(check, None, f"not tried to the end: no answer to {', '.join(seen.unanswered)}, as told above")
        else:
            seen.note(check, True, "")


def _some(wrong: list[str]) -> str:
    more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""  # noqa: PLR2004  # as many as a reader takes in
    return "; ".join(wrong[:3]) + more


def _end(code: int | None, limit: float) -> str:
    return f"no end within {limits.scaled(limit):g} s" if code is None else f"ended with {code}"
