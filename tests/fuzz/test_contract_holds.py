"""The mock obeys its contract: a fixed seed and a fixed number of examples, judged by an oracle of their own."""

from .figures import NOWHERE, Figures
from .run import Budget, play_round

BUDGET = Budget(singles=3, walks=4, flows=12, edges=True)


def test_contract_holds(subject):
    figures = Figures()
    found = play_round(subject, BUDGET, start=0, figures=figures)
    assert found is None, found.report()
    accepted = {operation for operation, status in figures.exchanges if status < 300}
    refused = {operation for operation, status in figures.exchanges if status >= 400}
    operations = {
        node["operationId"] for item in subject.raw["paths"].values() for node in item.values() if "operationId" in node
    }
    assert accepted == operations, "the examples do not reach far enough"
    assert refused >= {*operations - {"postMetrics"}, NOWHERE} - {"getConcurrency", "listAvatars", "listSessions"}
    missed = figures.never_named(subject.raw)
    assert not missed, f"no example breaks {missed}\n{figures.table(subject.raw)}"
