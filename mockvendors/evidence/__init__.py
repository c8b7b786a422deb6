"""What an answer says of a rule: confirmed, contradicted, or nothing; and the controls without which a refusal says nothing.

One place for whoever asks: `verify`, which has the answers of a vendor now, and `drift`, which has recorded ones. `judge` is
the decision; a new control is one more class in `controls`, a new kind of silence one more line in `silence`. Nothing here
knows where an answer comes from.
"""

from mockvendors.evidence.controls import Beside, Control, RightIsRefused
from mockvendors.evidence.exchange import Exchange, holds, places
from mockvendors.evidence.judge import Expected, Judgement, Verdict, judge
from mockvendors.evidence.silence import of_the_moment, says_nothing

__all__ = [
    "Beside",
    "Control",
    "Exchange",
    "Expected",
    "Judgement",
    "RightIsRefused",
    "Verdict",
    "holds",
    "judge",
    "of_the_moment",
    "places",
    "says_nothing",
]
