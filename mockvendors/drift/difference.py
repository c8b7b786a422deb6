"""One thing in which a recorded answer and the mock's part."""

from dataclasses import dataclass
from typing import Literal

What = Literal["accepted", "refused", "status", "header", "body", "missing", "added", "renamed", "type", "value", "text", "rule"]
"""| what | the recorded answer |
|---|---|
| accepted | accepts what the mock refuses |
| refused | refuses what the mock accepts |
| status | has another status |
| header | has another header |
| body | is JSON and the mock's is not, or the other way round |
| missing, added, renamed | lacks a field, has one more, has it under another name |
| type, value | has another JSON type in a field, or a value that the contract does not allow |
| text | gives another cause in its own words |
| rule | comes from a mock too, and names another rule |
"""


@dataclass(frozen=True)
class Difference:
    """What differs, where, and what of the contract says so."""

    what: What
    where: str
    """JSON pointer into the answer's body, name of its header, or empty for the answer as a whole."""
    recorded: str
    mock: str
    change: tuple[str, ...]
    """Ids of the contract's statements that a recording of the vendor contradicts: rules, fields, statuses, settings."""
    setting: str = ""
    """Setting of the mock, as `name=value`, with which the answers agree; `change` names it too."""
