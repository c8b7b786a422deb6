"""What `smoke` holds a driver to: the table of its checks."""

from dataclasses import dataclass

from mockvendors.drivers import schema
from mockvendors.drivers.named import LONGER

NO_TRY = "not tried: what comes before it failed"
BY_HAND = "Start it by hand to see why: {}; a driver stays until `shutdown`, or the end of its stdin"
"""For one that ends before it greets."""
OUTLIVES = (
    "See why it ends: what it last said, or by hand: {}; what the implementation raises is answered as an error, and ends no "
    "driver"
)
"""For one that ends in a later command."""
FLUSHED = (
    "Answer hello, the first line of its stdin, by one line that is flushed (to a pipe, most languages keep lines back); "
    "by hand: {}; " + LONGER
)
OPENS = (
    "Answer open by ok, or by unsupported where a session without a room cannot be had: the implementation is asked for nothing "
    "yet, so that this is the driver's own; see stderr"
)
"""For an error of the driver's in `open`."""
ANSWERS = "Answer {}, by one line that is flushed, whatever becomes of it; " + LONGER
"""For a command that is never answered; its limit is in `mockvendors/limits.py`."""
RETURNS = (
    "Answer start when the plugin's own start returns or raises, and give it no longer than that: the vendor had refused it; "
    + LONGER
)
ASKS = (
    "Let the implementation ask at the `base_url` that `open` gives for the vendor; answer start when its own start returns; "
    + LONGER
)
"""For a start that neither comes back nor reaches the vendor."""


@dataclass(frozen=True)
class Check:
    """One thing that a driver must do."""

    holds: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """What became of one check; `passed` is None where it could not be tried."""

    check: str
    passed: bool | None
    told: str
    remedy: str


CHECKS = {
    "hello": Check(
        "`hello` is answered",
        "Answer hello with ok: protocol 1, implementation (name, version), capabilities; a driver of another version needs "
        "another mockvendors",
    ),
    "hello-once": Check("a second `hello` is refused", "Answer every further hello with an error of kind driver"),
    "unknown-command": Check("an unknown command is `unsupported`", "Answer a command that you do not know with unsupported"),
    "unknown-session": Check(
        "a session that was never opened is an error", "Answer a command for an unknown session with an error of kind driver"
    ),
    "session": Check(
        "`open`, `start` (which smoke's own vendor refuses) and `close` are answered",
        "What the implementation raises has another kind than driver; see stderr",
    ),
    "claims": Check(
        "what `hello` claims is not `unsupported`", "Claim in capabilities only what the driver can be asked for, or do it"
    ),
    "ping": Check(
        "`ping` is answered while a start is pending", "Read stdin in one thread or task, and work in others; answer ping at once"
    ),
    "stdout": Check("nothing but messages is on stdout", "Print to stderr; let the libraries' loggers write there as well"),
    "valid": Check("each message fits the schema", f"See {schema.PATH}, in $defs"),
    "once": Check("each request gets one reply, under its id", "Give each reply the id of its request, once"),
    "other-protocol": Check(
        "another protocol version is refused", "Answer a hello without your version in its list with an error of kind driver"
    ),
    "shutdown": Check("`shutdown` is answered, and exit 0", "Answer, let go of everything, and exit 0 within the limit"),
    "end-of-stdin": Check("the end of stdin is exit 0", "Take the end of stdin as shutdown: a driver never outlives its harness"),
    "children": Check("no child process is left", "End your children before you end"),
}
"""By their slugs, in the order in which they are told."""
