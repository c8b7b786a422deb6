"""A recording of the vendor itself is evidence, and a mock's never is; what is written into a contract is what was confirmed.

The vendor here is invented: a test contract names https://vendor.example as the vendor's own address, and its answers are
written by hand as from there. No answer of a mock of ours is among them, so the check of origins holds as it is.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from mockvendors import paths
from mockvendors.cassettes.header import Header
from mockvendors.cassettes.interaction import Answer
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.recording import read_recording
from mockvendors.contract import Contract
from mockvendors.drift.confirm import confirmed
from mockvendors.drift.findings import find
from mockvendors.drift.run import play_all
from mockvendors.drift.update import update
from mockvendors.errors import UsageFault
from tests.cassettes.conftest import ADDRESS, AVATAR, exchange
from tests.cassettes.test_drift_states import FOREIGN, ID, KEY, SLOTS, STARTED, TOLD, call, error, start

VENDOR = "https://vendor.example"
RIGHT = (1152, 768)


@pytest.fixture
def file(tmp_path):
    """A contract that names the invented vendor's address."""
    path = tmp_path / "contract" / "anam" / "contract.yaml"
    path.parent.mkdir(parents=True)
    text = (paths.contracts() / "anam" / "contract.yaml").read_text()
    assert text.count("https://api.anam.ai") == 1
    path.write_text(text.replace("https://api.anam.ai", VENDOR))
    return path


@pytest.fixture
def recording(tmp_path, file):
    def make(*exchanges, upstream=VENDOR, name="mine"):
        recorder = Recorder(Contract.load(file), Upstream.parse(upstream), tmp_path / "anam" / name, secrets=set())
        for one in exchanges:
            recorder.add("exchanges", replace(one, sent=replace(one.sent, url=one.sent.url.replace(ADDRESS, upstream))))
        recorder.save()()
        recorder.finish()
        return read_recording(recorder.folder, Contract.load(file))

    return make


async def evidence(file, *recordings):
    contract = Contract.load(file)
    played = await play_all(contract, recordings)
    return confirmed(contract, played, find(played))


async def ids(file, *recordings):
    return {item.id for item in await evidence(file, *recordings)}


async def test_an_answer_confirms_its_status_and_the_fields_that_it_has(file, recording):
    found = await ids(file, recording(call("GET", "sessions/concurrency", {**SLOTS, "limit": None})))
    assert found == {
        "anam.status.getConcurrency.200",
        *(f"anam.field.Concurrency.{name}" for name in ("active", "canStartSession", "estimatedWaitSeconds")),
    }


@pytest.mark.parametrize(("told", "is_confirmed"), [("2026-11-20T10:00:00Z", True), ("20th of November", False)])
async def test_a_text_that_is_no_point_in_time_confirms_no_field_for_one(file, recording, told, is_confirmed):
    answers = [{**TOLD, "startTime": told}, {**TOLD, "startTime": told}, {"data": [{**TOLD, "startTime": told}]}]
    paths = [("GET", f"sessions/{ID}"), ("POST", f"sessions/{ID}/stop"), ("GET", "sessions")]
    found = await ids(file, recording(start(), *(call(*path, answer) for path, answer in zip(paths, answers, strict=True))))
    assert ("anam.field.Session.startTime" in found) is is_confirmed


async def test_a_refusal_confirms_the_rule_that_alone_was_broken(file, recording):
    found = await ids(file, recording(start(size=RIGHT), start(error("Bad request"), 400, size=(720, 1280))))
    assert "anam.size.pair" in found
    assert not {name for name in found if name.startswith(("anam.size.", "anam.body."))} - {"anam.size.pair"}


async def test_one_that_breaks_two_confirms_neither(file, recording):
    found = await ids(file, recording(start(), start(error("Bad request"), 400, size=("1", 0), avatarModel=4)))
    assert not [name for name in found if name.startswith("anam.size.")]


async def test_what_depends_on_an_avatar_that_nobody_knows_is_not_confirmed(file, recording):
    refusal = start(error("Bad request"), 400, avatar=FOREIGN, size=(1152, 768))
    assert "anam.size.pair" not in await ids(file, recording(start(size=RIGHT), start(avatar=FOREIGN), refusal))
    other = start(error("Bad request"), 400, avatar=FOREIGN, size=(1, 1))
    whole = recording(start(size=RIGHT), start(avatar=FOREIGN), other, name="other")
    assert "anam.size.pair" in await ids(file, whole)


def bad(text="Bad request", status=400, **more):
    return start(error(text), status, **{"size": (720, 1280), **more})


@pytest.mark.parametrize(
    "exchanges",
    [
        [bad()],
        [start(), bad()],
        [call("GET", "sessions/concurrency", SLOTS), bad()],
        [start(size=RIGHT), start(error("Bad request", "voiceId is required"), 400), bad()],
        [start(size=RIGHT), bad(name="another")],
        [start(size=RIGHT), bad(avatar=FOREIGN)],
        [start(size=RIGHT), start(error("Bad request", "personaId is required"), 400, size=(720, 1280))],
    ],
    ids=[
        "alone",
        "nothing with that field",
        "another call",
        "the right body is refused too",
        "another field",
        "another avatar",
        "its words name a field",
    ],
)
async def test_a_refusal_that_may_have_another_cause_confirms_nothing(file, recording, exchanges):
    assert "anam.size.pair" not in await ids(file, recording(*exchanges))


@pytest.mark.parametrize("more", [[], [start(), start(size=RIGHT, name="x")], [start(size=(None, None))]], ids=len)
async def test_a_body_that_is_accepted_shows_for_what_another_was_refused(file, recording, more):
    accepted = more or [start(size=RIGHT)]
    assert "anam.size.pair" in await ids(file, recording(bad(), *accepted))


STATES = [
    ("anam.session.forbidden", error("Forbidden"), 403),
    ("anam.session.no-plan", error("No plan found"), 402),
    ("anam.session.usage", error("Usage limit reached"), 429),
    ("anam.session.capacity", error("No capacity available"), 503),
]


@pytest.mark.parametrize(("rule", "answer", "status"), STATES)
async def test_a_state_of_the_account_is_confirmed_by_the_same_call_alone(file, recording, rule, answer, status):
    assert rule in await ids(file, recording(start(), start(answer, status), start()))
    other = recording(start(), start(size=RIGHT, name="x"), start(answer, status, size=(768, 1152)), name="other")
    assert rule not in await ids(file, other)


async def test_an_unknown_id_is_confirmed_where_its_path_answers_to_another(file, recording):
    unknown = call("GET", f"sessions/{FOREIGN}", error("Not found"), 404)
    assert "anam.session.unknown" not in await ids(file, recording(start(), unknown))
    known = [start(), call("GET", f"sessions/{ID}", TOLD), unknown]
    assert "anam.session.unknown" in await ids(file, recording(*known, name="other"))


async def test_a_path_that_no_call_has_confirms_no_rule(file, recording):
    found = await ids(file, recording(start(), call("GET", "no-such-path", error("Not found"), 404)))
    assert "anam.path.unknown" not in found


async def test_a_status_that_several_calls_share_is_confirmed_by_none_of_them(file, recording):
    found = await ids(file, recording(start(), bad()))
    assert not found & {"anam.status.Started", "anam.status.BadRequest"}
    assert "anam.field.SessionReply.sessionId" in found


async def test_a_field_that_all_refusals_share_is_confirmed_by_no_single_one(file, recording):
    found = await ids(file, recording(start(), bad()))
    assert not {name for name in found if name.startswith("anam.field.Error.")}


async def test_a_field_that_several_calls_share_is_confirmed_where_one_recording_has_all(file, recording):
    began, read = start(), call("GET", f"sessions/{ID}", TOLD)
    stopped, listed = call("POST", f"sessions/{ID}/stop", TOLD), call("GET", "sessions", {"data": [TOLD]})
    name = "anam.field.Session.personaConfig.fps"
    assert name not in await ids(file, recording(began, read, stopped))
    assert name not in await ids(file, recording(began, read, stopped, name="two"), recording(listed, name="three"))
    whole = await ids(file, recording(began, read, stopped, listed, name="four"))
    assert name in whole
    assert "anam.field.Session.clientLabel" not in whole, "null is no value"


@pytest.mark.parametrize("status", [200, 201])
async def test_a_field_of_a_start_is_confirmed_by_either_status_of_success(file, recording, status):
    assert "anam.field.SessionReply.engineHost" in await ids(file, recording(start(status=status)))


async def test_a_contradicted_one_is_not_confirmed(file, recording):
    good = recording(start(), start(error("Bad request"), 400, size=(720, 1280)))
    bad = recording(start(size=(640, 360)), name="newer")
    assert "anam.size.pair" not in await ids(file, good, bad)


@pytest.mark.parametrize("upstream", ["http://vendor.example", "https://gateway.example", ADDRESS])
async def test_a_stand_in_confirms_nothing(file, recording, upstream):
    one = recording(start(), upstream=upstream)
    assert not one.is_evidence
    assert await evidence(file, one) == []


async def test_a_mock_behind_the_vendors_name_confirms_nothing(recording):
    marked = replace(start(), answer=Answer(200, "OK", (("Server", "mockvendors/0.1.0"),), b"{}"))
    assert not recording(marked).is_evidence


async def test_a_header_that_was_made_to_say_vendor_is_refused(file, recording):
    one = recording(start(), upstream=ADDRESS)
    header = Header.loads((one.folder / "header.json").read_bytes(), "header.json")
    forged = Header(**{**{name: getattr(header, name) for name in header.__struct_fields__}, "against": "vendor"})
    (one.folder / "header.json").write_bytes(forged.dumps())
    with pytest.raises(UsageFault, match="says `vendor`, but"):
        read_recording(one.folder, Contract.load(file))


class TestWriting:
    @pytest.fixture
    async def found(self, file, recording):
        slots = call("GET", "sessions/concurrency", SLOTS)
        wrong = exchange(
            {"personaConfig": {"avatarId": AVATAR}, "sessionOptions": {"videoQuality": "low"}},
            error("Bad request"),
            status=400,
            headers=[KEY],
        )
        right = exchange(
            {"personaConfig": {"avatarId": AVATAR}, "sessionOptions": {"videoQuality": "high"}}, STARTED, headers=[KEY]
        )
        return await evidence(file, recording(slots, right, wrong))

    async def test_levels_become_recorded_with_the_date(self, file, found):
        before = {item.id: item for item in Contract.load(file).evidence}
        done = update(file, Contract.load(file), found)
        after = {item.id: item for item in Contract.load(file).evidence}
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {item.id for item in done}
        assert {"anam.session.quality", "anam.status.getConcurrency.200", "anam.field.SessionReply.sessionId"} <= changed
        day = found[0].recording.header.recorded[:10]
        for name in changed:
            assert after[name].level == "recorded"
            assert after[name].source.startswith(f"[R1] recorded {day} from {VENDOR} (mine); {before[name].source}"), name

    async def test_only_those_lines_change_and_comments_stay(self, file, found):
        before = file.read_text().splitlines()
        update(file, Contract.load(file), found)
        after = file.read_text().splitlines()
        (added,) = [line for line in after if line.startswith("  R1: ")]
        after.remove(added)
        assert len(after) == len(before)
        lines = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert 0 < len(lines) < 25
        for old, new in lines:
            assert "recorded" in new
            assert old.partition(" # ")[2] == new.partition(" # ")[2]

    async def test_what_was_said_of_a_weaker_refusal_goes(self, file, found):
        assert Contract.load(file).rules["anam.session.quality"].refusal == "assumed"
        update(file, Contract.load(file), found)
        rule = Contract.load(file).rules["anam.session.quality"]
        assert (rule.level, rule.refusal, rule.status) == ("recorded", None, 400)

    async def test_the_second_time_changes_nothing(self, file, found):
        update(file, Contract.load(file), found)
        text = file.read_bytes()
        again = await evidence(file, read_recording(found[0].recording.folder, Contract.load(file)))
        assert {item.level for item in again} == {"recorded"}
        assert update(file, Contract.load(file), again) == []
        assert file.read_bytes() == text

    async def test_a_file_that_changed_meanwhile_is_left_alone(self, file, found):
        old = Contract.load(file)
        text = file.read_text()
        file.write_text(text.replace("text: customStylePrompt has at most", "text: It has at most"))
        with pytest.raises(UsageFault, match=r"anam\.notes\.length is not what it was"):
            update(file, old, found)
        assert file.read_text() == text.replace("text: customStylePrompt has at most", "text: It has at most")
        assert [path.name for path in file.parent.iterdir()] == ["contract.yaml"]

    async def test_every_layout_of_yaml(self, file, found):
        """Block mappings, block lists, a source in words."""
        text = file.read_text()
        old = """  anam.session.quality:
    {level: documented, source: [E8, E5], status: 400, error: Bad request, refusal: assumed, text: "videoQuality is high or auto"}
"""
        assert text.count(old) == 1
        for source in ("\n      - E8\n      - E5", ' "somebody: said so"', " E8 or E5"):
            block = f"""  anam.session.quality:
    level: documented
    source:{source}
    status: 400
    error: Bad request
    refusal: assumed # nobody knows
    text: "videoQuality is high or auto"
"""
            file.write_text(text.replace(old, block))
            update(file, Contract.load(file), found)
            rule = Contract.load(file).rules["anam.session.quality"]
            assert (rule.level, rule.refusal) == ("recorded", None)
            assert rule.source.removeprefix("[R1] ").startswith("recorded 20"), rule.source
            assert rule.source.endswith(("0.12.0, the vendor's own Python client", "somebody: said so", "E8 or E5"))


def replace_time(recording, ago):
    moment = (recording.header.time - ago).isoformat()
    return structs.replace(recording.header, recorded=moment)


async def test_an_older_and_a_newer_recording(file, recording):
    """The newer one is named."""
    new = recording(start(), name="newer")
    old = recording(start())
    header = replace_time(old, timedelta(days=3))
    old = replace(old, header=header)
    found = await evidence(file, new, old)
    assert {item.recording.folder.name for item in found} == {"newer"}
