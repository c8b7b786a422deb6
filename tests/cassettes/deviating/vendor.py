"""The deviating vendor: Anam's own module with an edited contract, and replies that are changed on their way out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mockvendors import paths
from mockvendors.contract import Contract
from mockvendors.replies import Reply
from mockvendors.server import load_vendor
from mockvendors.vendor import Call, Credential, Route, Vendor
from tests.cassettes.deviating.plants import Change, Plant


def write_contract(folder: Path, plants: Iterable[Plant]) -> Path:
    """Write the contract with these plants below a folder, and return its file."""
    text = (paths.contracts() / "anam" / "contract.yaml").read_text()
    for plant in plants:
        for old, new in plant.edits:
            assert text.count(old) == 1, f"{plant.name}: stands {text.count(old)} times in the contract: {old}"
            text = text.replace(old, new)
    file = folder / "anam" / "contract.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


def deviating(folder: Path, plants: Iterable[Plant]) -> Vendor:
    """Return the vendor with these plants."""
    plants = tuple(plants)
    return Deviating(load_vendor(Contract.load(write_contract(folder, plants))), plants)


class Deviating:
    """See `mockvendors.vendor.Vendor`."""

    def __init__(self, vendor: Vendor, plants: tuple[Plant, ...]) -> None:
        self.contract = vendor.contract
        self._vendor = vendor
        self._plants = plants

    def routes(self) -> Mapping[str, Route]:
        return {name: self._changed(name, route) for name, route in self._vendor.routes().items()}

    def authenticate(self, headers: Any, tenants: Any) -> Credential:
        return self._vendor.authenticate(headers, tenants)

    def error(self, status: int, error: str, message: str, reason: str | None = None) -> Reply:
        reply = self._vendor.error(status, error, message, reason)
        for plant in self._plants:
            reply = plant.errors.get(status, _same)(reply)
        return reply

    def _changed(self, name: str, route: Route) -> Route:
        changes: list[Change] = [plant.replies[name] for plant in self._plants if name in plant.replies]

        async def handler(call: Call) -> Reply:
            reply = await route.handler(call)
            for change in changes:
                reply = change(reply)
            return reply

        return replace(route, handler=handler) if changes else route


def _same(reply: Reply) -> Reply:
    return reply
