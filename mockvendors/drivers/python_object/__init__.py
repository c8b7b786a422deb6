"""The driver of a Python object whose async methods are named as the commands of the protocol (docs/driver-protocol.md).

Runs in the object's own environment: standard library, and what the ready driver of LiveKit Agents plugins has that needs no
more (its channel, its errors); nothing of mockvendors. Python 3.10+.

    python mockvendors/drivers/python_object --object my.module:make

`make(event)` returns the object; `event(session, name, **fields)` tells what its user would be told. `hello()` returns what
`implementation` and `capabilities` are; each other method gets the fields of its request by name, those that it takes, and
returns those of `ok`, or None. A method that it lacks is `unsupported`.
"""
