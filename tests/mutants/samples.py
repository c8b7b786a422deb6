"""Lines of reports, made by hand."""

from mockvendors.report.lines import Case


def failed(rule: str) -> Case:
    return Case(
        implementation="agents:any.py",
        vendor="anam",
        case=f"test_any.py::test_{rule}",
        verdict="fail",
        outcome="fail",
        seconds=0.1,
        rule=rule,
    )
