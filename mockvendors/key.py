"""The vendor's key out of an environment variable, and from nowhere else."""

import os
import re

from mockvendors.errors import UsageFault

_POSSIBLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_USUAL = re.compile(r"[A-Z_][A-Z0-9_]*")
"""A name of this form is repeated; what else could be a name might as well be a key that stands in its place."""


def key_from(variable: str, option: str) -> str:
    """Return the key in the variable that an option names; a UsageFault repeats nothing that may be a key itself."""
    if not _POSSIBLE.fullmatch(variable):
        raise UsageFault(f"What {option} names can be no variable, and is not shown", "Give a name, not a key: API_KEY")
    key = os.environ.get(variable, "")
    if not key.strip():
        named = f"The variable {variable}" if _USUAL.fullmatch(variable) else f"The variable that {option} names"
        shown = variable if _USUAL.fullmatch(variable) else "NAME"
        raise UsageFault(f"{named} is not set or is empty", f"Export the API key in it: export {shown}=...")
    return key
