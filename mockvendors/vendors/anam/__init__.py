"""Anam: what its contract cannot say. Two ways to start, sizes by model, personas, one-hour session tokens.

`vendor.py` is the way in: it names what answers each call. Nothing about sizes, avatars or limits stands in this code; they are
tables and settings of contracts/anam/contract.yaml.
"""

from typing import TYPE_CHECKING

from mockvendors import paths
from mockvendors.contract import Contract
from mockvendors.registry import Registration

if TYPE_CHECKING:
    from mockvendors.vendors.anam.vendor import Anam


def create(contract: Contract) -> "Anam":
    """Return the vendor for its contract; a UsageFault names what of it is missing."""
    from mockvendors.vendors.anam.needs import NEEDS  # noqa: PLC0415 - who reads only the contract need not load it
    from mockvendors.vendors.anam.vendor import Anam  # noqa: PLC0415 - as above

    NEEDS.check(contract)
    return Anam(contract)


VENDOR = Registration(paths.contracts() / "anam" / "contract.yaml", create, paths.suites() / "anam")
