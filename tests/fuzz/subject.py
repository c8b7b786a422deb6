"""The contract as the fuzzer uses it: raw, and as two schemas of schemathesis; read once for many runs."""

from copy import deepcopy
from typing import Any

import schemathesis
from hypothesis import strategies as st

from mockvendors.contract import Contract

from .bodies import bodies, right


class Subject:
    """One vendor's contract."""

    def __init__(self, vendor: str) -> None:
        self.vendor = vendor
        self.contract = Contract.load(vendor)
        self.raw = self.contract.raw
        self.calls = self._load()
        self.links = self._load(mode="positive")

        @self.links.hook
        def before_generate_body(_: object, strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
            """Let bodies out of the tables come before schemathesis' own, so that sequences get beyond their first call."""
            tables = self.raw["x-tables"]
            return st.one_of(right(tables), right(tables), bodies(tables), st.just({}), strategy)

    def operations(self) -> list[Any]:
        """Return schemathesis' operations in the contract's order."""
        return [found.ok() for found in self.calls.get_all_operations()]

    def _load(self, **generation: object) -> Any:
        """Return schemathesis' idea of a copy of the contract, which it writes into; credentials are ours to make."""
        config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False, **generation}})
        return schemathesis.openapi.from_dict(deepcopy(dict(self.raw)), config=config)
