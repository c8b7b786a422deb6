"""What shall go wrong at a vendor, as small values: each a name with a few fields, addressed by operation, call or session.

Faults of one call act in this order (`Stage`), however they were added:

1. arrival: `delay` (several add up)
2. instead of the vendor: `status`, `stall`, `reset-before`
3. the vendor acts; the avatar that it starts has the faults of avatar and playback
4. the answer: lost, without content, its body, type, pace and end

Two faults compose unless both decide the same thing (`Fault.takes`), which is refused when the second is asked for: so
within a stage the order does not matter.
"""

from mockvendors.faults.address import Address, Calls
from mockvendors.faults.avatar import (
    FrozenFrames,
    JoinsLate,
    LeavesAfter,
    LeavesEarly,
    LowFps,
    NeverJoins,
    NoVideo,
    Simulcast,
    SizeRamp,
    WrongSize,
)
from mockvendors.faults.body import EmptyBody, InvalidJson, JsonArray, JsonEmptyObject, JsonNull, MissingField
from mockvendors.faults.fault import AvatarFault, Exchange, Fault, ReplyFault, RequestFault, Stage
from mockvendors.faults.http import (
    CutBody,
    Delay,
    LostAnswer,
    NoContent,
    ResetBefore,
    Stall,
    Status,
    Trickle,
    WrongContentType,
)
from mockvendors.faults.plan import FaultPlan
from mockvendors.faults.planned import Planned, Where
from mockvendors.faults.playback import (
    DoubledFinish,
    EarlyFinish,
    IgnoresInterrupt,
    LeavesInSpeech,
    NoPlaybackFinished,
    NoPlaybackStarted,
)
from mockvendors.faults.table import FAULTS
from mockvendors.faults.written import from_data, from_text, to_data, to_text

__all__ = [
    "FAULTS",
    "Address",
    "AvatarFault",
    "Calls",
    "CutBody",
    "Delay",
    "DoubledFinish",
    "EarlyFinish",
    "EmptyBody",
    "Exchange",
    "Fault",
    "FaultPlan",
    "FrozenFrames",
    "IgnoresInterrupt",
    "InvalidJson",
    "JoinsLate",
    "JsonArray",
    "JsonEmptyObject",
    "JsonNull",
    "LeavesAfter",
    "LeavesEarly",
    "LeavesInSpeech",
    "LostAnswer",
    "LowFps",
    "MissingField",
    "NeverJoins",
    "NoContent",
    "NoPlaybackFinished",
    "NoPlaybackStarted",
    "NoVideo",
    "Planned",
    "ReplyFault",
    "RequestFault",
    "ResetBefore",
    "Simulcast",
    "SizeRamp",
    "Stage",
    "Stall",
    "Status",
    "Trickle",
    "Where",
    "WrongContentType",
    "WrongSize",
    "from_data",
    "from_text",
    "to_data",
    "to_text",
]
