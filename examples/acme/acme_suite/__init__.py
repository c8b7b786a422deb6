"""The cases of Acme: `pytest --pyargs acme_suite` runs them all."""
