"""Settings of a vendor on the command line: reading `name=value`, and showing what there is."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from mockvendors.contract import Contract
from mockvendors.contract.settings import Setting
from mockvendors.errors import UsageFault
from mockvendors.tenant import Tenant

_WIDTH = 140
"""Columns when nobody's terminal says otherwise."""


def turn(tenants: Iterable[Tenant], assignments: Iterable[str]) -> None:
    """Turn each setting for every vendor that has it; a UsageFault names the one that none has."""
    tenants = list(tenants)
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise UsageFault(f"--set {assignment!r} is not of the form name=value", "For example: --set plan=free")
        having = [tenant for tenant in tenants if name in tenant.settings] or tenants
        for tenant in having:
            tenant.set(name, _value(text))


def _value(text: str) -> object:
    """Return a number, true, false or null as such, and everything else as the text that it is."""
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value


def documented(vendors: Iterable[str]) -> list[dict[str, Any]]:
    """Return every setting of these vendors as the contract has it."""
    return [
        {"vendor": name, "name": setting.name, "default": setting.default, "allowed": _allowed(setting)}
        | {"level": setting.level, "text": setting.text}
        for name in vendors
        for setting in Contract.load(name).settings.values()
    ]


def show(rows: list[dict[str, Any]]) -> None:
    """Print a table a vendor on stdout."""
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that serving itself does not spend
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    for vendor in dict.fromkeys(row["vendor"] for row in rows):
        table = Table("name", "default", "allowed", "level", "text", title=f"Settings of {vendor}", title_justify="left")
        for row in rows:
            if row["vendor"] == vendor:
                default = json.dumps(row["default"]).strip('"')
                table.add_row(row["name"], default, row["allowed"], row["level"], Text(row["text"]))
        console.print(table)


def _allowed(setting: Setting) -> str:
    if "enum" in setting.schema:
        return ", ".join(str(choice) for choice in setting.schema["enum"])
    types = setting.schema.get("type", [])
    told = " or ".join([types] if isinstance(types, str) else types)
    least, above = setting.schema.get("minimum"), setting.schema.get("exclusiveMinimum")
    most = setting.schema.get("maximum")
    told += f" from {least}" if least is not None else f" above {above}" if above is not None else ""
    return told + (f" to {most}" if most is not None else "")
