"""The mock against its contract: schemathesis makes the requests, an oracle of its own says what the answers must be.

`python -m tests.fuzz` (`make fuzz`) runs for a time with seeds of its own; `test_contract_holds.py` is the same with a fixed seed
and a fixed number of examples; `test_broken_mocks.py` shows that each kind of defect is found.

`edges.py` comes first: a fixed list, each once, of bodies just inside and just outside of each rule (`near.py`, `around.py`: out
of the contract's schema and tables), of odd requests, switches, and calls in an order that matters. `test_near.py` shows that the
list stands at every border: each keyword of the schema that is loosened or tightened changes a verdict. What follows is drawn.

The way of one example: `harness.py` runs the mock and mints a key; `single.py` (one call), `flows.py` (along links: token,
start, stop, delete) and `walks.py` (on what was given before) make requests out of the contract, of `bodies.py` (from its tables)
and `odd.py` (what no schema describes); `play.py` sends them; `judge.py` holds each answer against the contract and against
`oracle.py` with `rules.py`, which know rules and tables as the contract tells them, and nothing of the mock's code. `told.py` and
`looks.py` know which facts an answer must tell, `words.py` which words, `secret.py` that no key may stand in it.

Time: no limit of a machine is taken for a defect of the mock. A session counts as running only while its time cannot be over by
the monotonic clock, a request is never sent twice, mock and judge have one contract, read once; what is wrong once, and right
when it is sent again, is told as seen once.

Sockets: when the first vendor with a socket arrives, generated sequences of its events go into `events.py` beside `flows.py`,
made from contracts/<vendor>/events.yaml, judged and counted as requests are.
"""
