"""What a run says of itself in words: where it was, why it judged nothing or ended early."""

from collections.abc import Iterator

from mockvendors.report.lines import Implementation
from mockvendors.report.view import Run
from mockvendors.report.words import ended_early, time_limits


def where(run: Run) -> str:
    """Return by what was judged, and where."""
    suites = ", ".join(f"{suite.vendor} contract {suite.contract}" for suite in run.suites)
    livekit = run.environment.livekit
    server = f"LiveKit {livekit.version or 'of unknown version'} ({livekit.way})" if livekit is not None else "no LiveKit"
    answered = f"vendor mode {run.vendor_mode}" if run.vendor_mode != "mock" else ""
    scaled = time_limits(run.environment.time_scale) if run.environment.time_scale != 1 else ""
    parts = [suites, f"mockvendors {run.mockvendors}", f"Python {run.environment.python}", server, scaled, answered, run.time]
    return " · ".join([*filter(None, parts), f"{run.seconds:g} s"])


def problems(run: Run) -> Iterator[str]:
    """Yield what is wrong with the run itself, and what it notes of the vendor."""
    yield from (f"nothing was judged: {refusal}" for refusal in run.refusals)
    if told := ended_early(run.exit_code):
        yield f"{told}: what it had judged by then is here"
    if run.others_failed:
        yield "a test failed that is no case, or a process that ran cases was lost"
    yield from run.notes


def environment(who: Implementation) -> str:
    """Return what an implementation was put together with; empty where nobody chose that."""
    return f"environment: {who.pairing}" if who.pairing else ""
