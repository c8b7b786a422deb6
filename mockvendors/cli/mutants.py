"""`mockvendors mutants`: judge a vendor's suite by a correct plugin that is made wrong in one known way after the other."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mockvendors.mutants import Outcome
    from mockvendors.mutants.config import Chosen

EPILOG = """\b
Examples:
  mockvendors mutants acme --implementation agents:acme_avatar \\
      --config mutants.toml
      every generic mutant that fits, against the vendor's suite
  mockvendors mutants acme --implementation agents:./my_plugin.py --list
      which apply, which do not, and why; nothing is run
  mockvendors mutants acme --implementation agents:acme_avatar \\
      --only token_kind --into wrong
      one of them, whose file stays; to see what the suite says of it:
      mockvendors check acme --implementation agents:wrong/token_kind.py

The plugin has to be correct: it is judged first, by the whole suite, as it is and wrapped without a change.

\b
Exit codes:
  0  each mutant was caught by its rule, and the correct plugin by none
  1  one was missed, or caught by another rule; or a false alarm
  2  interrupted
  4  wrong input: vendor, implementation, configuration, name
  7  our fault or the machine's: a run that judged nothing
"""


def mutants(
    vendor: Annotated[str, typer.Argument(help="The vendor whose suite is judged.", metavar="VENDOR")],
    *,
    implementation: Annotated[str, typer.Option(help="A correct plugin for LiveKit Agents.", metavar="agents:WHAT")],
    implementation_python: Annotated[
        str, typer.Option(help="Interpreter of the environment that holds the plugin.", metavar="PYTHON")
    ] = "",
    config: Annotated[Path | None, typer.Option(help="Names, what is left out and why, own rules.", metavar="FILE.toml")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this mutant (repeatable).", metavar="NAME")] = None,
    into: Annotated[Path | None, typer.Option(help="Write the mutants' files there, and keep them.", metavar="FOLDER")] = None,
    jobs: Annotated[int, typer.Option("-n", "--jobs", min=1, help="Runs at a time.", metavar="RUNS")] = 2,
    whole: Annotated[bool, typer.Option("--whole", help="Every case on each mutant, not only those of its rule.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Print which apply, and run nothing.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the outcomes there.", metavar="FILE.json")] = None,
) -> None:
    """Print which generic mutants a vendor's suite catches by their rules, which it misses, and its false alarms."""
    from mockvendors.cli.check import target  # noqa: PLC0415 - `--help` is quick
    from mockvendors.mutants import Mutant, Runner, Suite  # noqa: PLC0415 - as above
    from mockvendors.mutants.config import choose, read  # noqa: PLC0415 - as above
    from mockvendors.mutants.watch import judge_watched  # noqa: PLC0415 - as above
    from mockvendors.mutants.written import write  # noqa: PLC0415 - as above

    settings = read(config, vendor)
    chosen = choose(settings, only or ())
    arguments = target(vendor)
    if listed:
        _list(chosen)
        return
    plugin = _plugin(implementation, implementation_python, vendor)
    with _folder(into) as folder:
        made = write(folder, plugin.name, chosen.apply, settings.names)
        correct = [] if only else [Mutant("itself", "Nothing.", "", plugin.connect), made[0]]
        runner = Runner(Suite((*arguments, *plugin.options)), whole=whole)
        outcomes = judge_watched(runner, [*correct, *made[1:]], jobs)
    raise typer.Exit(_told(outcomes, chosen, json))


def _list(chosen: "Chosen") -> None:
    """Print which changes apply, and why the others do not."""
    sys.stdout.write("".join(f"{each.name}  {each.rule}: {each.wrong}\n" for each in chosen.apply))
    sys.stdout.write("".join(f"left out: {name}: {why}\n" for name, why in chosen.left.items()))


def _told(outcomes: "Sequence[Outcome]", chosen: "Chosen", file: Path | None) -> int:
    """Print the outcomes, write them where a file is named, and return the exit code."""
    from mockvendors.mutants.table import as_data, exit_code, render  # noqa: PLC0415 - as above

    sys.stdout.write(render(outcomes))
    if chosen.left:
        sys.stdout.write(f"left out: {len(chosen.left)} (--list says why)\n")
    if file is not None:
        _save(file, {**as_data(outcomes), "left_out": dict(chosen.left)})
    return exit_code(outcomes)


@dataclass(frozen=True)
class _Plugin:
    name: str
    """A module, or the path of a file, as the environment's Python imports it."""
    connect: str
    options: tuple[str, ...]
    """What a run is told of its environment."""


def _plugin(text: str, python: str, vendor: str) -> _Plugin:
    """Return what a connect string names, its environment made where it has one of its own."""
    from mockvendors.errors import UsageFault  # noqa: PLC0415 - as above
    from mockvendors.implementations.agents import Plugin  # noqa: PLC0415 - as above
    from mockvendors.implementations.connect import connect  # noqa: PLC0415 - as above
    from mockvendors.implementations.implementation import Preparation  # noqa: PLC0415 - as above
    from mockvendors.registry import suite  # noqa: PLC0415 - as above

    if not text.startswith("agents:"):
        raise UsageFault(f"{text!r} is no plugin for LiveKit Agents", "Generic mutants are made of agents:WHAT alone")
    found = connect(text, python or None)
    if isinstance(found, Plugin):
        name = str(Path(found.module).absolute()) if found.module.endswith(".py") else found.module
        return _Plugin(name, f"agents:{name}", (f"--implementation-python={python}",) if python else ())
    say = Preparation(suite(vendor) / "plugin.py", say=lambda line: print(line, file=sys.stderr))  # noqa: T201 - progress
    made = found.prepare(say).arguments
    module = made[made.index("--plugin") + 1]
    return _Plugin(module, f"agents:{module}", (f"--implementation-python={made[0]}",))


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="mockvendors-mutants-") as folder:
        yield Path(folder)


def _save(file: Path, data: object) -> None:
    import json  # noqa: PLC0415 - as above

    from mockvendors.files import write_whole  # noqa: PLC0415 - as above

    write_whole(file, (json.dumps(data, indent=2) + "\n").encode())
