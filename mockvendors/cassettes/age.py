"""The age of a recording: how it is told, and how old one may be."""

from datetime import timedelta

from mockvendors.errors import UsageFault

LONGEST = 100_000
"""Days of --max-age; older than any recording can be."""


def oldest(days: float | None) -> timedelta | None:
    """Return the age that --max-age allows, None where it was not given; a UsageFault for what is no number of days."""
    if days is None:
        return None
    if not 0 <= days <= LONGEST:
        raise UsageFault(f"--max-age {days} is no number of days", f"Give one from 0 to {LONGEST}, for example 90")
    return timedelta(days=days)


def in_words(age: timedelta) -> str:
    """Return an age in whole days that have passed, in words; `today` for less than one."""
    days = age.days
    return "today" if days < 1 else f"{days} day{'s' if days > 1 else ''}"
