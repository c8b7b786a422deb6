"""A vendor that differs from our contract of Anam in ten known ways, each of which can be planted alone.

Its contract is made from contracts/anam/contract.yaml by small edits, so that it never grows stale; it is served by the same
code as the mock, and where a reply's shape is planted, the reply is changed on its way out.
"""

from tests.cassettes.deviating.plants import PLANTS, Plant
from tests.cassettes.deviating.talk import talk
from tests.cassettes.deviating.vendor import deviating

__all__ = ["PLANTS", "Plant", "deviating", "talk"]
