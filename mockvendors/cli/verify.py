"""`mockvendors verify`: ask a real vendor, with a few small requests, whether the contract is right about it."""

import asyncio
import signal
import sys
from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.cli.out import while_read
from mockvendors.errors import UsageFault
from mockvendors.nearest import remedy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockvendors.verify import Plan, Report, Runner, Target, Tries
    from mockvendors.verify.judge import Outcome

_INTERRUPTED = 2
_NOTHING = 5
EPILOG = """\b
Examples:
  mockvendors verify anam --plan
      what would be sent; sends nothing, needs neither address nor key
  mockvendors verify anam --base-url https://api.anam.ai \\
      --key-env ANAM_API_KEY
      shows the plan, asks, sends, reports; starts no session unless the
      vendor takes what the contract says it refuses
  mockvendors verify anam --base-url "$ANAM_API_URL" --key-env ANAM_API_KEY \\
      --rule anam.size.pair --paid --yes
      one rule, sessions that it needs included, without asking

A session that starts is stopped at once through the vendor's API, whether it was meant to start or not. The key is read from
the variable and is never printed. docs/verify.md tells the rest.

\b
Exit codes:
  0  all that was tried is confirmed; the report says what is in doubt
  1  the vendor contradicts the contract
  2  interrupted; sessions that had started were stopped
  4  wrong input: vendor, rule, address; no key, or one that is refused
  5  nothing was tried
  6  nothing is contradicted, but a rule asked for by --rule was not tried
  7  the vendor cannot be reached, or a session could not be stopped
"""


def verify(
    vendor: Annotated[str, typer.Argument(help="The vendor whose contract is tried: anam.", metavar="VENDOR")],
    *,
    base_url: Annotated[str, typer.Option(help="The vendor's address, without /v1.", metavar="URL")] = "",
    key_env: Annotated[str, typer.Option(help="The variable that holds the API key.", metavar="VARIABLE")] = "",
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule (repeatable).", metavar="RULE")] = None,
    paid: Annotated[bool, typer.Option("--paid", help="Also what starts sessions, which cost money; each is stopped.")] = False,
    budget: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="At most so many calls, stops among them; what runs is stopped all the same.",
            show_default="what the plan needs, and 10",
        ),
    ] = None,
    pause: Annotated[float, typer.Option(min=0, max=60, help="Seconds between two calls.")] = 0.5,
    value: Annotated[
        list[str] | None, typer.Option(help="What tries would learn from the vendor, e.g. avatar=ID.", metavar="NAME=VALUE")
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would be sent, and exit.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before sending.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a report.")] = False,
) -> None:
    """Send a contract's small requests to the real vendor, and say rule by rule: confirmed, contradicted, not tried."""
    from mockvendors.cli import verify_shown  # noqa: PLC0415 - `--help` is quick
    from mockvendors.verify import make_plan  # noqa: PLC0415 - as above

    tries = _tries(vendor, rule or ())
    made = make_plan(tries, rule or (), _values(value, tries), paid=paid, budget=budget)
    if plan:
        _print(verify_shown.plan_data(made) if json else verify_shown.plan_text(made, base_url))
        return
    target = _target(tries, base_url, key_env)
    _agree(made, target, yes=yes)
    report = _run(made, target, pause)
    _print(report.data() if json else verify_shown.report_text(report))
    raise typer.Exit(report.exit_code)


def _print(told: object) -> None:
    """Print a text, or data as JSON."""
    with while_read():
        typer.echo(told if isinstance(told, str) else dumps(told, indent=2, ensure_ascii=False))


def _run(made: "Plan", target: "Target", pause: float) -> "Report":
    from mockvendors.cli import verify_shown  # noqa: PLC0415 - as above
    from mockvendors.verify import Runner  # noqa: PLC0415 - as above

    def tell(outcome: "Outcome") -> None:
        sys.stderr.write(f"{verify_shown.line(outcome)}\n")

    runner = Runner(made, target, pause=pause, tell=tell)
    try:
        return asyncio.run(_until_signal(runner))
    except (KeyboardInterrupt, asyncio.CancelledError):
        _tell_end(runner)
        raise typer.Exit(_INTERRUPTED) from None


async def _until_signal(runner: "Runner") -> "Report":
    """Run; SIGTERM ends it as Ctrl-C does, with what was started stopped."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - this is a coroutine
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await runner.run()


def _tell_end(runner: "Runner") -> None:
    from mockvendors.cli import verify_shown  # noqa: PLC0415 - as above

    report = runner.report
    sys.stderr.write(f"interrupted after {report.calls} calls\n{verify_shown.sessions_text(report)}")


def _target(tries: "Tries", base_url: str, key_env: str) -> "Target":
    """Return where to send to; the key comes from the environment and from nowhere else."""
    from mockvendors.key import key_from  # noqa: PLC0415 - as above
    from mockvendors.verify import Target  # noqa: PLC0415 - as above

    names = tries.contract.raw["info"].get("x-environment", {})
    example = f"mockvendors verify {tries.contract.vendor} --base-url URL --key-env {names.get('key', 'API_KEY')}"
    if not base_url:
        raise UsageFault("--base-url is missing", f"{example}; --plan shows what would be sent and needs neither")
    if not key_env:
        raise UsageFault("--key-env is missing", f"It names the variable that holds the key: {example}")
    target = Target.parse(base_url, key_from(key_env, "--key-env"))
    begin = tries.tries[0].path.split("/")[1]
    if target.url.endswith(f"/{begin}"):
        raise UsageFault(
            f"The base address ends in /{begin}, and so would each path have it twice", f"Leave /{begin} off its end"
        )
    return target


def _agree(made: "Plan", target: "Target", *, yes: bool) -> None:
    """Show the plan, and ask whoever sits there; where nobody does, --yes must have been given."""
    from mockvendors.cli import verify_shown  # noqa: PLC0415 - as above

    sys.stderr.write(f"{verify_shown.plan_text(made, target.url)}\n")
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageFault("Nobody can be asked here whether to send this", "Read the plan, then add --yes")
    paid = f", {made.starts} of them starting a session," if made.starts else ""
    if not typer.confirm(f"Send up to {made.calls} calls{paid} to {target.url}?", err=True):
        raise typer.Exit(_NOTHING)


def _tries(vendor: str, rules: "Sequence[str]") -> "Tries":
    """Return the requests of a vendor's contract; a UsageFault names the rule that it does not hold."""
    from mockvendors.contract import Contract  # noqa: PLC0415 - as above
    from mockvendors.verify import read_tries  # noqa: PLC0415 - as above

    contract = Contract.load(vendor)
    for name in rules:
        if name not in contract.rules:
            every = f"`mockvendors contract {vendor} --kind rule` prints all"
            raise UsageFault(f"There is no rule {name!r}", remedy(name, contract.rules, every))
    return read_tries(contract)


def _values(given: list[str] | None, tries: "Tries") -> dict[str, str]:
    known = sorted({keep.name for attempt in tries.tries for keep in attempt.keep})
    values = {}
    for assignment in given or ():
        name, _, text = assignment.partition("=")
        if name not in known or not text:
            raise UsageFault(f"--value {assignment!r} is not NAME=VALUE of a known name", f"Names: {', '.join(known)}")
        values[name] = text
    return values
