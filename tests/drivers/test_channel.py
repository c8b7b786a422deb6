"""The driver's standard output: what is sent in the middle of a message comes out too."""

import json
import subprocess
import sys

from mockvendors import limits
from mockvendors.drivers import livekit_agents

LIMIT = 30.0
PROGRAM = """
import sys
sys.path.append(sys.argv[1])
from livekit_agents.channel import Channel

class Loud:
    "Logs while it is written down, as a destructor does that the collector calls at any moment."
    def __str__(self):
        channel.event("s", "log", text="unclosed")
        return "loud"

channel = Channel()
print("a plugin's own words")
channel.send({"id": 1, "ok": Loud()})
channel.close()
channel.send({"id": 2})
"""


def test_a_message_in_the_middle_of_another_blocks_nobody():
    folder = livekit_agents.__path__[0].rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder], capture_output=True, text=True, timeout=limits.scaled(LIMIT), check=False
    )
    assert done.returncode == 0, done.stderr
    event, reply = [json.loads(line) for line in done.stdout.splitlines()]
    assert (event["event"], event["text"]) == ("log", "unclosed")
    assert reply == {"id": 1, "ok": "loud"}
    assert done.stderr == "a plugin's own words\n"
