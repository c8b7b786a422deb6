"""Asks a real vendor, with a few small requests, whether the rules of its contract hold.

The way of a run: `tries` reads what the contract says may be sent, `plan` chooses from it (rules, paid or not, budget), `run`
sends one after the other through `wire`, `judge` holds each answer against what the contract expects, `open_sessions` stops
whatever was started, and `report` sums up by rule. Nothing here knows a vendor.
"""

from mockvendors.verify.plan import Plan, make_plan
from mockvendors.verify.report import Report
from mockvendors.verify.run import Runner
from mockvendors.verify.target import Target
from mockvendors.verify.tries import Tries, read_tries

__all__ = ["Plan", "Report", "Runner", "Target", "Tries", "make_plan", "read_tries"]
