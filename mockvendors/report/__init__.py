"""The results of a run as data, and what is made of them for people: knows nothing of pytest.

A report is a file of JSON lines: a header, a line for each case and implementation, a footer. docs/reports.md describes it,
report.schema.json is its schema.
"""
