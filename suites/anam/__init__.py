"""The cases of Anam; `pytest suites/anam` runs them all."""
