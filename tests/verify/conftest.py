"""Mock Anams, right ones and one that deviates from the contract, and ways to verify them."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from mockvendors import limits
from mockvendors.contract import Contract
from mockvendors.endpoint import Endpoint
from mockvendors.server import MockServer
from mockvendors.vendors.anam import create
from mockvendors.verify import Runner, Target, make_plan, read_tries

PROGRAM = Path(sys.executable).with_name("mockvendors")
VARIABLE = "KEY_OF_THE_TEST"


def changed_contract(folder, change):
    """Return Anam's contract with a change of it, as a file would hold it."""
    raw = json.loads(json.dumps(Contract.load("anam").raw))
    change(raw)
    file = folder / "anam" / "contract.yaml"
    file.parent.mkdir()
    file.write_text(json.dumps(raw))  # which YAML can read, quicker than its own
    return Contract.load(file)


def deviate(raw):
    """Plant deviations, each of which has one rule of the right contract that it contradicts: see `DEVIATIONS`."""
    options = raw["components"]["schemas"]["SessionOptions"]
    del options["dependentRequired"], options["allOf"][0]
    raw["components"]["schemas"]["DirectorNotes"]["properties"]["presetStyle"]["enum"].append("laughter")
    raw["x-tables"]["sizes"]["cara-4"]["pairs"]["720x1280"] = {"level": "assumed", "source": "planted"}
    raw["x-rules"]["anam.content-type"]["status"] = 400
    raw["x-rules"]["anam.avatar.unknown"]["error"] = "No such thing"
    raw["x-rules"]["anam.session.running"]["status"] = 404


DEVIATIONS = {
    "anam.size.both-or-neither",  # half a pair is accepted
    "anam.notes.preset",  # a word of cues is accepted
    "anam.size.pair",  # one pair more is accepted
    "anam.content-type",  # another status
    "anam.avatar.unknown",  # another error text
    "anam.session.running",  # another status, of a call that needs a session
}
ACCEPTED = ["width without height", "height without width", "720x1280", "a word of cues"]
"""Tries by which the deviating mock starts a session."""


@dataclass
class Stand:
    """A mock and its only customer."""

    mock: MockServer
    tenant: object
    url: str

    def calls(self, operation):
        return len(self.tenant.journal.calls(operation))

    async def verify(self, *rules, paid=False, budget=100, given=(), key=None):
        """Verify it in this process, against the right contract."""
        return await verify(self.url, key or self.tenant.api_key, *rules, paid=paid, budget=budget, given=given)


async def verify(url, key, *rules, paid=False, budget=100, given=()):
    plan = make_plan(read_tries(Contract.load("anam")), rules, dict(given), paid=paid, budget=budget)
    return await Runner(plan, Target.parse(url, key), pause=0, tell=lambda _: None).run()


async def stand_up(mock):
    tenant = mock.new_tenant("anam")
    tenant.set("avatars", "none")
    await mock.start()
    return Stand(mock, tenant, mock.base_url("anam"))


async def stand_up_another(vendor):
    """Return a mock of a vendor that is not quite Anam; its own contract is not what it is verified against."""
    mock = MockServer(["anam"])
    mock._endpoints["anam"] = Endpoint(vendor, mock.journal, mock.harness_faults, mock._admin)
    return await stand_up(mock)


@pytest.fixture
async def right():
    mock = MockServer(["anam"])
    yield await stand_up(mock)
    await mock.stop()
    assert [str(fault) for fault in mock.harness_faults] == []


@pytest.fixture
async def deviating(tmp_path):
    stand = await stand_up_another(create(changed_contract(tmp_path, deviate)))
    yield stand
    await stand.mock.stop()


@dataclass
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
async def command(tmp_path):
    """Run `mockvendors verify anam` as a script would; `key` is what the variable holds."""

    async def run(*arguments, key="", url=None, until=None, number=signal.SIGINT, stdin=asyncio.subprocess.DEVNULL):
        env = {name: value for name, value in os.environ.items() if "ANAM" not in name} | ({VARIABLE: key} if key else {})
        where = ["--base-url", url, "--key-env", VARIABLE, "--pause", "0"] if url else []
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            PROGRAM, "verify", "anam", *where, *arguments, env=env, cwd=tmp_path, stdin=stdin, stdout=pipe, stderr=pipe
        )
        if until is not None:
            await until()
            process.send_signal(number)
        async with asyncio.timeout(limits.scaled(60)):
            out, err = await process.communicate()
        return Done(process.returncode, out.decode(), err.decode())

    return run


def verdicts(report, verdict):
    return {found.rule.id for found in report.rules if found.verdict == verdict}
