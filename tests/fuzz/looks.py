"""What a session must look like when it is told of: who it is, when it began and ended, and that no fact ever changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .defect import Defect
from .ledger import Started
from .wire import Got

SLACK = 5.0
"""Seconds by which this machine's clock may be set while an example runs."""
EARLY = 1.0
"""Seconds by which a session may end before its time: the same, over the few seconds of an example's shortest sessions."""
ROUND = 2.0
"""Milliseconds: times are told in microseconds, lengths in whole milliseconds."""
OVER = ("endTime", "sessionLengthMs", "exitStatus")


def check(tables: Mapping[str, Any], name: str, session: Started, row: Mapping[str, Any], got: Got) -> None:
    """Raise Defect where what is told of a session is not so; remember what cannot change."""
    running = _running(session, row)
    due = {
        "id": name,
        "clientLabel": session.label,
        "avatarVersion": session.model,
        "fps": tables["media"]["fps"]["value"],
        "exitStatus": None if running else tables["told"]["exitStatus"]["value"],
        **{field: None for field in OVER if running},
        **session.told,
    }
    seen = {**row, **row["personaConfig"]}
    wrong = [f"{field} {seen.get(field)!r}, though {value!r} is due" for field, value in due.items() if seen.get(field) != value]
    wrong += _times(session, row, got, running=running)
    if wrong:
        raise Defect("wrong facts", f"of session {name} was told: {'; '.join(wrong)}")
    session.told.update({field: row[field] for field in ("startTime", *(() if running else OVER))})


def _running(session: Started, row: Mapping[str, Any]) -> bool:
    """Return whether it must be told as running; where only time knows, its end says so."""
    return row["endTime"] is None if session.running is None else session.running


def _times(session: Started, row: Mapping[str, Any], got: Got, *, running: bool) -> list[str]:
    """Return what is wrong with the times, against each other and against the clock."""
    start, end = _read(row["startTime"]), None if row["endTime"] is None else _read(row["endTime"])
    wrong = [] if _within(start, session.asked) else [f"startTime {row['startTime']}, though it was started at {session.asked}"]
    if running:
        return wrong
    if end is None:
        return [*wrong, "endTime None, though it has ended"]
    length = (end - start) * 1000
    if row["sessionLengthMs"] is None or abs(row["sessionLengthMs"] - length) > ROUND:
        wrong.append(f"sessionLengthMs {row['sessionLengthMs']}, though endTime - startTime is {length:.3f}")
    ended = (session.asked[0], got.between[1]) if session.stopped is None else (session.asked[0], session.stopped[1])
    if not _within(end, ended) or end < start:
        wrong.append(f"endTime {row['endTime']}, though it ended within {ended}")
    if session.stopped is None and end - start < session.longest - EARLY:
        wrong.append(f"an end after {end - start:g} s, though nobody stopped it before {session.longest:g} s")
    return wrong


def _within(moment: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] - SLACK <= moment <= bounds[1] + SLACK


def _read(text: str) -> float:
    """Return a date-time of RFC 3339 as seconds since 1970."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Defect("wrong facts", f"{text!r} is no date-time: {error}") from error
    if moment.tzinfo is None:
        raise Defect("wrong facts", f"{text!r} names no zone")
    return moment.timestamp()
