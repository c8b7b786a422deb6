"""Settings of a vendor on the command line: reading `name=value`, and showing what there is."""

import json
from collections.abc import Iterable
from typing import Any

import typer

from mockvendors.cli import tables
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from mockvendors.nearest import remedy
from mockvendors.tenant import Tenant

_INDENT = "    "


def turn(tenants: Iterable[Tenant], assignments: Iterable[str]) -> None:
    """Set what `serve` has other defaults for, then what was asked for, at every vendor that has it.

    A UsageFault names the setting that no vendor has, or the value that it cannot take.
    """
    tenants = list(tenants)
    for tenant in tenants:
        for name, setting in tenant.contract.settings.items():
            tenant.set(name, setting.serve)
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise UsageFault(f"--set {assignment!r} is not of the form name=value", "For example: --set plan=free")
        having = [tenant for tenant in tenants if name in tenant.settings]
        if not having:
            raise _unknown(name, tenants)
        for tenant in having:
            tenant.set(name, _value(text))


def _unknown(name: str, tenants: list[Tenant]) -> UsageFault:
    known = sorted({setting for tenant in tenants for setting in tenant.settings})
    vendors = " ".join(tenant.contract.vendor for tenant in tenants)
    return UsageFault(
        f"There is no setting {name!r}", remedy(name, known, f"`mockvendors serve {vendors} --settings` explains all")
    )


def _value(text: str) -> object:
    """Return a number, true, false or null as such, and everything else as the text that it is."""
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value


def documented(vendors: Iterable[str]) -> list[dict[str, Any]]:
    """Return every setting of these vendors as the contract has it, with the default of `serve`."""
    return [
        {"vendor": name, "name": setting.name, "default": setting.serve, "allowed": setting.takes}
        | {"level": setting.level, "text": setting.text}
        for name in vendors
        for setting in Contract.load(name).settings.values()
    ]


def show(rows: list[dict[str, Any]]) -> None:
    """Print on stdout what each setting is, what it may be, what it does and on which evidence."""
    for vendor in dict.fromkeys(row["vendor"] for row in rows):
        typer.echo(f"Settings of {vendor}: mockvendors serve {vendor} --set NAME=VALUE --set ...")
        for row in rows:
            if row["vendor"] == vendor:
                default = json.dumps(row["default"]).strip('"')
                typer.echo(f"\n{row['name']}={default}")
                typer.echo(tables.folded(f"takes {row['allowed']}", _INDENT, len(_INDENT)))
                typer.echo(tables.folded(f"{row['text']} [{row['level']}]", _INDENT, len(_INDENT)))
        typer.echo(f"\n[...]: evidence of the default; E1, E2, ...: x-sources of contracts/{vendor}/contract.yaml")
