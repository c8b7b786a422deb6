"""`make bench`: every figure with its target, as a table; medians and ratios of one run."""

import importlib
import sys

from rich.console import Console
from rich.table import Table

MODULES = ("bench_stamp", "bench_post", "bench_serve", "bench_session", "bench_suite")


def main() -> None:
    """Run the modules that are named, or all, and print a row a figure as soon as it is there."""
    wanted = sys.argv[1:] or MODULES
    table = Table("figure", "measured", "unit", "target")
    for name in wanted:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        for figure, value, unit, target in importlib.import_module(f"benchmarks.{name}").rows():
            table.add_row(figure, f"{value:.3f}", unit, target)
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
