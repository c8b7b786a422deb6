"""Anam: what its contract cannot say. Two ways to start, sizes by model, personas, one-hour session tokens.

`vendor.py` is the way in: it names what answers each call. Nothing about sizes, avatars or limits stands in this code; they are
tables and settings of contracts/anam/contract.yaml.
"""

from mockvendors.vendors.anam.vendor import Anam, create

__all__ = ["Anam", "create"]
