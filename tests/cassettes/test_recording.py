"""What is wrong with a recording is told in one line with file, place and remedy; a write is whole or not at all."""

import json
import resource
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from mockvendors.cassettes import format as cassette_format
from mockvendors.cassettes.header import Header
from mockvendors.cassettes.interaction import Answer, Interaction, Sent
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.place import Place, numbered_names
from mockvendors.cassettes.recorder import Recorder, named_secrets
from mockvendors.cassettes.recording import find_recordings, read_recording
from mockvendors.cassettes.scan import SecretFound
from mockvendors.contract import Contract
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.files import write_whole
from tests.cassettes.conftest import ADDRESS, exchange, fixed

YAML, HEADER = "exchanges.yaml", "header.json"


@pytest.fixture
def folder(tmp_path, contract):
    """A good recording of three interactions."""
    recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "mine", "client 1", secrets=set())
    for number in range(3):
        recorder.add("exchanges", exchange({"personaConfig": {"name": f"persona number {number}"}}, {"sessionId": "x"}))
    recorder.save()()
    recorder.finish()
    return recorder.folder


def refused(folder, contract) -> str:
    with pytest.raises(UsageFault) as fault:
        read_recording(folder, contract)
    text = str(fault.value)
    assert "\n" not in text
    assert text.startswith(f"{folder}/")
    assert len(text) < 300 + len(str(folder))
    return text.removeprefix(f"{folder.parent}/")


def listed(folder, data: bytes, **more):
    """Put a cassette in place and let the header fit it, as somebody would who edits both."""
    (folder / YAML).write_bytes(data)
    header = Header.loads((folder / HEADER).read_bytes(), HEADER)
    entry = type(header.cassettes[0]).of(YAML, more.get("interactions", 3), data)
    (folder / HEADER).write_bytes(header.with_cassettes((entry,)).dumps())


def test_a_good_one_is_read_whole(folder, contract):
    recording = read_recording(folder, contract)
    assert [place for place, _ in recording.placed()] == [f"mine/exchanges.yaml, interaction {number}" for number in (1, 2, 3)]
    assert recording.header.implementation == "client 1"
    assert not recording.is_evidence
    assert timedelta(0) <= recording.age < timedelta(hours=1)
    assert find_recordings("anam", folder.parent.parent) == [folder]


def test_one_cut_anywhere_is_refused(folder, contract):
    """At every tenth byte, and at the last ones."""
    whole = (folder / YAML).read_bytes()
    for end in [*range(0, len(whole), 10), *range(len(whole) - 12, len(whole))]:
        (folder / YAML).write_bytes(whole[:end])
        assert refused(folder, contract).startswith(f"mine/exchanges.yaml: cut: {end} of {len(whole)} bytes")


def test_one_cut_anywhere_is_refused_without_the_header_too(folder):
    whole = (folder / YAML).read_bytes()
    ends = {*range(0, len(whole), 10), *range(len(whole) - 12, len(whole))} - {len(whole) - 1}  # the last line break is no loss
    for end in ends:
        with pytest.raises(UsageFault):
            cassette_format.loads(whole[:end], YAML)


def test_a_header_cut_anywhere_is_refused(folder, contract):
    whole = (folder / HEADER).read_bytes()
    for end in range(0, len(whole) - 1, 7):
        (folder / HEADER).write_bytes(whole[:end])
        assert "mine/header.json: cut or not JSON" in refused(folder, contract)


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        (YAML, (b"code: 200", b"code: 201"), "mine/exchanges.yaml: edited since it was recorded"),
        (YAML, (b"version: 1", b"version: 1 "), "mine/exchanges.yaml: edited since it was recorded"),
        (HEADER, (b'"against": "mock"', b'"against": "vendor"'), "mine/header.json: edited since it was recorded"),
        (HEADER, (b'"recorded": "2', b'"recorded": "3'), "mine/header.json: edited since it was recorded"),
        (HEADER, (b'"format": 1', b'"format": 2'), "mine/header.json: recording format 2; known: 1. Record it again"),
        (HEADER, (b'"format": 1', b'"form": 1'), "mine/header.json: not the header of a recording"),
        (
            HEADER,
            (b'"interactions": 3', b'"interactions": "3"'),
            "mine/header.json: not the header of a recording: Expected `int`",
        ),
        (HEADER, (b'"missing"', b'"lacking"'), "mine/header.json: not the header of a recording: Object contains unknown field"),
        (HEADER, (b'"2', b'"x'), "mine/header.json: not the header of a recording: Invalid isoformat"),
    ],
)
def test_one_that_was_edited_is_refused(folder, contract, file, change, told):
    fixed(folder / file, *change)
    assert refused(folder, contract).startswith(told)


ONE = (
    b"- request: {method: GET, uri: 'https://x.invalid/', body: null, headers: {}}\n"
    b"  response: {status: {code: 200, message: OK}}\n"
)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"interactions: []\nversion: 2\n", "cassette format 2; known: 1"),
        (b"interactions: []\nversion: true\n", "cassette format True; known: 1"),
        (b"interactions: []\n", "cut in the middle: the format version at its end is missing"),
        (b"version: 1\n", "not a cassette of vcrpy"),
        (b"- request: {}\n", "not a cassette of vcrpy"),
        (b"", "not a cassette of vcrpy"),
        (b"just text", "not a cassette of vcrpy"),
        (b"\xff\xfe\x00", "not UTF-8 at byte 1"),
        (b"a: [1, 2\nversion: 1\n", ":2: cut or not YAML"),
        (b"interactions:\n" + ONE + b"- 7\nversion: 1\n", "interaction 2: Expected `object`"),
        (b"interactions:\n" + ONE.replace(b"200", b"ok") + b"version: 1\n", "interaction 1: Expected `int`"),
        (b"interactions:\n" + ONE.replace(b"GET", b"1") + b"version: 1\n", "interaction 1: Expected `str`"),
        (b"interactions:\n" + ONE.replace(b"null", b"[1]") + b"version: 1\n", "interaction 1: a body is not a text"),
        (b"interactions:\n" + ONE.replace(b"{}}", b"{a: []}}") + b"version: 1\n", "interaction 1: a header of its request"),
        (
            b"interactions:\n" + ONE.replace(b"method: GET, ", b"") + b"version: 1\n",
            "interaction 1: Object missing",
        ),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\nversion: 1\n", ":2: a YAML alias"),
        (b"[" * 100_000, ":1: nested deeper than any cassette"),
        (b"x: !!python/object/apply:os.system ['false']\n", ":1: cut or not YAML"),
        (b"interactions:\n- 2024-13-45\nversion: 1\n", "holds a value that no cassette has"),
        (b"interactions:\n" + ONE + b"version: 1\n", "1 interactions; header.json says 3"),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else "",
)
def test_what_is_no_cassette_is_refused_with_its_place(folder, contract, data, told):
    listed(folder, data)
    assert refused(folder, contract).startswith(f"mine/exchanges.yaml{'' if told.startswith(':') else ': '}{told}")


def test_one_of_another_vendor_is_refused(folder, contract):
    other = replace(contract, vendor="acme")
    assert refused(folder, other) == "mine/header.json: of the vendor anam, not acme. Name a recording of acme"


def test_missing_and_unnamed_files_are_told(folder, contract):
    (folder / "extra.yaml").write_bytes((folder / YAML).read_bytes())
    assert refused(folder, contract).startswith("mine/extra.yaml: not named in header.json. Remove it")
    (folder / "extra.yaml").unlink()
    (folder / YAML).unlink()
    assert refused(folder, contract).startswith("mine/exchanges.yaml: missing")
    (folder / HEADER).unlink()
    assert refused(folder, contract).startswith("mine/header.json: missing")


def test_a_cassette_outside_of_the_recording_is_refused(folder, contract):
    header = Header.loads((folder / HEADER).read_bytes(), HEADER)
    entry = type(header.cassettes[0])("../../other.yaml", 0, 0, "")
    (folder / YAML).unlink()
    (folder / HEADER).write_bytes(header.with_cassettes((entry,)).dumps())
    assert "a cassette's name is not that of a file" in refused(folder, contract)


@pytest.mark.parametrize(("upstream", "server"), [("https://gateway.example", "x"), ("https://api.anam.ai", "mockvendors/0.1.0")])
def test_a_mock_never_counts_as_the_vendor(folder, contract, upstream, server):
    """Neither when the header says so with a checksum that fits."""
    interaction = Interaction(Sent("GET", "https://vendor.invalid/v1/avatars"), Answer(200, headers=(("Server", server),)))
    data = cassette_format.dumps([interaction])
    listed(folder, data, interactions=1)
    fields = json.loads((folder / HEADER).read_bytes()) | {"against": "vendor", "upstream": upstream, "checksum": ""}
    header = Header(**{**fields, "cassettes": Header.loads((folder / HEADER).read_bytes(), HEADER).cassettes})
    (folder / HEADER).write_bytes(header.dumps())
    assert refused(folder, contract).startswith("mine/header.json: says `vendor`, but a mock answered or")


def test_one_of_the_vendor_counts(contract, tmp_path):
    recorder = Recorder(contract, Upstream.parse("https://api.anam.ai"), tmp_path / "anam" / "true", secrets=set())
    recorder.add("exchanges", exchange({}, {"sessionId": "x"}, at="https://api.anam.ai", answered=[("Server", "cloudflare")]))
    recorder.save()()
    assert read_recording(recorder.folder, contract).is_evidence
    recorder.add("exchanges", exchange({}, {"sessionId": "x"}, at="https://api.anam.ai", answered=[("server", "mockvendors/1")]))
    recorder.save()()
    recorder.finish()
    assert not read_recording(recorder.folder, contract).is_evidence


@pytest.mark.parametrize("name", ["test_grösse", "x" * 71, "-x", ""])
def test_a_name_that_no_reader_takes_is_not_written(contract, tmp_path, name):
    recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "mine", secrets=set())
    recorder.add(name, exchange({}, {}))
    with pytest.raises(UsageFault, match="A cassette's name is not that of a file"):
        recorder.save()()
    assert not recorder.folder.exists()


def test_a_recording_is_never_overwritten(folder):
    with pytest.raises(UsageFault, match="is there already"):
        Place.take(folder.parent.parent, "anam", ["mine"])
    for name in ("../x", "", ".", "a/b", "-x", "x" * 81):
        with pytest.raises(UsageFault, match="cannot be the name of a recording"):
            Place.take(folder.parent.parent, "anam", [name])


def test_of_two_that_begin_at_once_one_has_the_folder(tmp_path):
    """It is taken before anything is written, so that neither overwrites the other."""
    first = Place.take(tmp_path, "anam", ["mine"])
    with pytest.raises(UsageFault, match="is there already"):
        Place.take(tmp_path, "anam", ["mine"])
    second = Place.take(tmp_path, "anam", numbered_names("mine"))
    assert (first.folder.name, second.folder.name) == ("mine", "mine-2")
    (second.folder / "x").touch()
    first.give_back()
    second.give_back()
    assert [path.name for path in tmp_path.rglob("*")] == ["anam", "mine-2", "x"]


def test_a_folder_in_which_nothing_was_recorded_leaves_no_trace(tmp_path):
    Place.take(tmp_path / "new" / "one", "anam", ["mine"]).give_back()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("root", ["file", "file/below", "/proc/nope"])
def test_a_folder_that_cannot_be_made_is_told_with_its_cause(tmp_path, root):
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match=r"/anam/mine cannot be made: (Not a directory|No such file or directory)\. Name"):
        Place.take(tmp_path / root, "anam", ["mine"])


def test_cassettes_without_a_header_are_a_recording_that_is_broken(folder, contract):
    (folder.parent / "taken").mkdir()
    (folder / HEADER).unlink()
    assert find_recordings("anam", folder.parent.parent) == [folder]
    assert refused(folder, contract).startswith("mine/header.json: missing")


def test_a_refusal_leaves_what_is_there(folder, contract):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    recorder = Recorder(contract, Upstream.parse(ADDRESS), folder, secrets=set())
    recorder._cassettes["exchanges"] = [exchange({"key": "sk-0123456789"})]
    recorder._changed.add("exchanges")
    with pytest.raises(SecretFound, match="nothing was written"):
        recorder.save()()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize("label", ["sk-0123456789", "me@example.com"])
def test_a_label_that_looks_like_a_secret_is_refused(contract, tmp_path, label):
    with pytest.raises(UsageFault, match="The label of the implementation holds") as fault:
        Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "x", label)
    assert label not in str(fault.value)


def test_secrets_are_known_by_the_names_of_their_variables():
    found = named_secrets(
        {"ANAM_API_KEY": "0123456789", "HOME": "/home/somebody", "MY_TOKEN": "short", "X_SECRET": "plain words"}
    )
    assert found == {"0123456789", "plain words"}


def test_a_growing_recording_can_be_read_at_every_moment(contract, tmp_path, monkeypatch):
    """Also between the writing of a cassette and that of the header, where a kill could come."""
    from mockvendors.cassettes import recording as module  # noqa: PLC0415 - to look in between its steps

    recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "mine", secrets=set())
    seen = []

    def look(path, data):
        write_whole(path, data)
        for file in recorder.folder.glob("*.yaml"):
            cassette_format.loads(file.read_bytes(), file.name)
        if (recorder.folder / HEADER).exists():
            for stranger in {f.name for f in recorder.folder.glob("*.yaml")} - {entry.name for entry in entries()}:
                assert stranger in {YAML, "exchanges-more.yaml"}
            for entry in entries():
                entry.check((recorder.folder / entry.name).read_bytes(), entry.name)
            seen.append(sum(entry.interactions for entry in entries()))

    def entries():
        return Header.loads((recorder.folder / HEADER).read_bytes(), HEADER).cassettes

    monkeypatch.setattr(module, "write_whole", look)
    for _ in range(4):
        recorder.add("exchanges", exchange({}, {"sessionId": "x"}))
        recorder.save()()
    recorder.finish()
    assert sorted(seen) == seen
    assert set(seen) == {1, 2, 3, 4}
    assert [file.name for file in sorted(recorder.folder.iterdir())] == [YAML, HEADER]


KILLED = """
import os, signal, sys
from pathlib import Path
from mockvendors.files import write_whole
{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
write_whole(Path(sys.argv[1]), b"new" * 100_000)
"""


@pytest.mark.parametrize("step", ["os.fsync", "Path.replace"])
def test_a_kill_in_the_middle_of_a_write_leaves_the_old_file(tmp_path, step):
    file = tmp_path / "file"
    file.write_bytes(b"old")
    code = KILLED.format(step=step)
    run = subprocess.run([sys.executable, "-c", code, file], check=False)
    assert run.returncode == -signal.SIGKILL
    assert file.read_bytes() == b"old"
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(EnvironmentFault, match=r"file cannot be written: File too large\. Make room"):
            write_whole(file, b"new" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_the_contract_names_the_vendors_own_addresses():
    origins = Contract.load("anam").raw["info"]["x-origins"]
    assert all(origin["origin"].startswith("https://") and origin["level"] and origin["source"] for origin in origins)
