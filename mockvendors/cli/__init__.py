"""The command `mockvendors`; results on stdout, people on stderr, exit codes as in docs/architecture.md."""

import sys

_INTERRUPTED = 2
_TYPERS = 130
"""What typer makes of Ctrl-C in a command."""


def main() -> None:
    """Run the command; every error of ours ends in one paragraph on stderr and its exit code, Ctrl-C in one line and 2."""
    try:
        code = _run()
    except KeyboardInterrupt:
        code = _TYPERS
    if code == _TYPERS:
        sys.stderr.write("mockvendors: interrupted\n")
        code = _INTERRUPTED
    sys.exit(code)


def _run() -> int:
    """Return the command's exit code. It is loaded here, for whoever presses Ctrl-C before that has come to its end."""
    from mockvendors.cli.app import app  # noqa: PLC0415 - see above
    from mockvendors.errors import MockvendorsError, UsageFault  # noqa: PLC0415 - as above

    try:
        return int(app(standalone_mode=False) or 0)
    except MockvendorsError as exc:
        sys.stderr.write(f"mockvendors: {exc}\n")
        return exc.exit_code
    except Exception as exc:
        # typer carries click's exceptions under its own name in some versions and under click's in others
        if type(exc).__name__ == "Abort":
            return _TYPERS
        if not hasattr(exc, "show"):
            raise
        exc.show()
        return UsageFault.exit_code
