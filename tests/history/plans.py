"""Histories of the toy reports of tests/report/samples.py."""

from mockvendors.history.plan import Explanation, Plan
from tests.report import samples


def name(number):
    return f"test_toy.py::TestToy::test_{number}"


def plan(*change, versions=("1.2.0", "1.9.1", "1.10.0")):
    return Plan(
        vendor="toy",
        implementations={version: f"agents:livekit.plugins.toy=={version}" for version in versions},
        change=list(change),
    )


def because(before, after, match, why="It was mended.", outcomes=None):
    return Explanation(between=(before, after), match=(match,), why=why, source="its changelog", outcomes=outcomes)


def reports():
    """Return the toy's three versions, which tests/report keeps in a wrong order, from the oldest to the newest."""
    return {report.header.implementations[0].version: report for report in reversed(samples.HISTORY)}
