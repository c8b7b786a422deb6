"""Which implementation is judged: a connect string, and how a driver of what it names is started.

One file a kind (`agents:`, `exec:`, ...), all in the table of `connect.py`. A kind knows nothing of cases, suites or vendors.
"""
