"""The commands of `mockvendors`, by their names."""

import typer

from mockvendors import __version__, limits
from mockvendors.cli import teaching
from mockvendors.cli.check import EPILOG as CHECK
from mockvendors.cli.check import check
from mockvendors.cli.contract import EPILOG as CONTRACT
from mockvendors.cli.contract import contract
from mockvendors.cli.doctor import doctor
from mockvendors.cli.drift import EPILOG as DRIFT
from mockvendors.cli.drift import drift
from mockvendors.cli.expect import app as expect
from mockvendors.cli.history import EPILOG as HISTORY
from mockvendors.cli.history import history
from mockvendors.cli.livekit import livekit
from mockvendors.cli.mutants import EPILOG as MUTANTS
from mockvendors.cli.mutants import mutants
from mockvendors.cli.record import EPILOG as RECORD
from mockvendors.cli.record import record
from mockvendors.cli.report import EPILOG as REPORT
from mockvendors.cli.report import report
from mockvendors.cli.serve import serve
from mockvendors.cli.smoke import EPILOG as SMOKE
from mockvendors.cli.smoke import smoke
from mockvendors.cli.verify import EPILOG as VERIFY
from mockvendors.cli.verify import verify

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Stands in for real-time avatar vendors, and judges the plugins written against them.",
    epilog=teaching.MAIN,
)
app.command(epilog=CHECK, short_help="Judge a plugin by a vendor's suite.")(check)
app.command(epilog=teaching.SERVE, short_help="Stand in for a vendor while you build an agent.")(serve)
app.command(epilog=teaching.DOCTOR, short_help="Say what this machine has, and what it lacks.")(doctor)
app.command(epilog=teaching.LIVEKIT, short_help="Find a LiveKit server, or build one once.")(livekit)
app.command(epilog=CONTRACT, short_help="Show what each rule about a vendor rests on.")(contract)
app.command(epilog=MUTANTS, short_help="Judge a vendor's suite by plugins that are wrong.")(mutants)
app.command(epilog=RECORD, short_help="Record what a client and its vendor say to each other.")(record)
app.command(epilog=DRIFT, short_help="Say where recordings and the mock part.")(drift)
app.command(epilog=REPORT, short_help="Print the results of a run, or compare several.")(report)
app.command(epilog=HISTORY, short_help="Judge a plugin over its versions: what changed, and why.")(history)
app.command(epilog=SMOKE, short_help="Say whether a driver keeps to the driver protocol.")(smoke)
app.command(epilog=VERIFY, short_help="Ask a real vendor whether the contract is right.")(verify)
app.add_typer(expect, name="expect", short_help="Keep a list of known failures true.")


@app.callback(invoke_without_command=True)
def _version(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit
    limits.scaled(1.0)  # told before anything begins, not in the midst of it
