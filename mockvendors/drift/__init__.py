"""Drift: where a recording and our mock part, what of the contract that concerns, and what a recording is evidence of.

`run.py` is the way in. It plays each cassette (`play.py`) against a running mock (`subject.py`), with concrete values for
stand-ins (`concrete.py`), and compares each answer (`compare.py`).
"""
