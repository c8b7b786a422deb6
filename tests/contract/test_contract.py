"""The contract files: every rule has evidence, every mark a rule, and no size stands in code."""

import re
from pathlib import Path

import pytest

from mockvendors import paths
from mockvendors.contract import LEVELS, Contract, core_rules, form
from mockvendors.contract.document import merge
from mockvendors.errors import UsageFault

CONTRACTS = sorted(path.parent.name for path in paths.contracts().glob("*/contract.yaml"))
PACKAGE = Path(__file__).parents[2] / "mockvendors"
MINIMAL = """
openapi: 3.1.0
info: {version: "1"}
x-generic:
  {auth: a.b, path: a.b, double_slash: a.b, method: a.b, size: a.b,
   content_type: a.b, json: a.b, body: a.b, reply: a.b, crash: a.b}
x-rules:
  a.b: {level: assumed, source: a choice, text: some text}
paths:
  /x:
    post:
      operationId: x
      requestBody: {content: {application/json: {schema: {type: object, x-rule: a.b}}}}
      responses:
        "200": {description: done, x-evidence: {id: a.x.200, rule: a.b}, content: {application/json: {schema: {type: object}}}}
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "acme" / "contract.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return write


@pytest.fixture(params=CONTRACTS)
def contract(request):
    return Contract.load(request.param)


def test_every_rule_has_evidence(contract):
    for name, rule in {**contract.rules, **core_rules()}.items():
        assert rule.id == name
        assert re.fullmatch(rf"(core|{contract.vendor})(\.[a-z0-9-]+)+", name), name
        assert rule.level in LEVELS
        assert rule.source
        assert len(rule.text) > 20, name


def test_an_assumed_rule_says_that_it_is_a_choice(contract):
    for rule in contract.rules.values():
        assert (rule.level == "assumed") == ("the choice of" in rule.source), rule.id


def test_the_refusal_of_an_assumption_is_no_more_certain_than_its_rule(contract):
    for rule in contract.rules.values():
        if rule.refusal is not None:
            assert rule.status, f"{rule.id} refuses nothing"
            assert rule.refusal != rule.level, f"{rule.id}: leave refusal out where it is the same"


def test_a_remedy_names_only_tables_that_there_are(contract):
    for rule in contract.rules.values():
        assert rule.remedy.format_map(contract.tables) or not rule.remedy


def test_every_value_of_a_table_that_claims_something_has_evidence(contract):
    def walk(node, where):
        if not isinstance(node, dict):
            return
        if "value" in node or "level" in node:
            assert node.get("level") in LEVELS, where
            assert node.get("source"), where
        for name, item in node.items():
            walk(item, f"{where}.{name}")

    walk(contract.tables, contract.vendor)


def test_an_invented_label_names_nobody():
    for avatar in Contract.load("anam").tables["avatars"].values():
        assert re.fullmatch(r"(stock|older) \d+", avatar["displayName"])
        assert avatar["variantName"] == "stand-in"


def test_what_nobody_knows_of_an_answer_is_marked():
    """Fields that Anam's documentation or a measurement names, whose values here are a choice."""
    schemas = Contract.load("anam").raw["components"]["schemas"]
    fields = {"Concurrency": ["limit", "estimatedWaitSeconds"], "Session": ["exitStatus", "endTime", "sessionLengthMs"]}
    for schema, names in fields.items():
        for name in names:
            assert schemas[schema]["properties"][name]["x-evidence"]["level"] == "assumed", f"{schema}.{name}"
    told = Contract.load("anam").tables["told"]
    assert {name: row["level"] for name, row in told.items()} == {"estimatedWaitSeconds": "assumed", "exitStatus": "assumed"}


def test_every_setting_has_evidence(contract):
    for setting in contract.settings.values():
        assert setting.level in LEVELS
        assert setting.text


def test_every_size_row_is_whole(contract):
    for model, row in contract.tables["sizes"].items():
        assert row["default"] in row["pairs"], model
        for pair, evidence in row["pairs"].items():
            assert re.fullmatch(r"[1-9]\d*x[1-9]\d*", pair)
            assert evidence["level"] in LEVELS
            assert evidence["source"]


def test_every_avatar_has_models_of_the_size_table(contract):
    avatars = contract.tables["avatars"]
    assert len(avatars) >= 10
    for avatar in avatars.values():
        assert avatar["activeVersion"] in avatar["availableVersions"]
        assert set(avatar["availableVersions"]) <= set(contract.tables["sizes"])
    for persona in contract.tables["personas"].values():
        assert persona["avatarId"] in avatars


def test_no_size_of_a_contract_stands_in_code(contract):
    pairs = {pair for row in contract.tables["sizes"].values() for pair in row["pairs"]}
    literals = [rf"\b{a}\b\D{{1,12}}\b{b}\b" for a, b in (pair.split("x") for pair in pairs)]
    sources = [*(PACKAGE / "vendors").rglob("*.py"), *(PACKAGE / "contract").glob("*.py"), *PACKAGE.glob("*.py")]
    assert sources
    for source in sources:
        text = source.read_text()
        assert not [literal for literal in literals if re.search(literal, text)], source.name


def test_operations(contract):
    assert set(contract.operations) == {
        "createSessionToken",
        "startSession",
        "getConcurrency",
        "stopSession",
        "deleteSession",
        "listSessions",
        "getSession",
        "listAvatars",
        "getAvatar",
        "postMetrics",
    }
    assert contract.operation("POST", "/v1/engine/session").id == "startSession"
    assert contract.operation("GET", "/v1/sessions/concurrency").id == "getConcurrency"
    assert contract.operation("GET", "/v1/sessions/some").id == "getSession"
    assert contract.operation("GET", "/v1/engine/session") is None
    assert contract.find("GET", "/v1/avatars/a%2Fb")[1] == {"id": "a/b"}


def test_violation(contract):
    body = {"personaConfig": {"avatarId": "a", "directorNotes": {"expressivity": 2}}}
    (violation,) = contract.operations["startSession"].check_request(body)
    assert violation.rule is contract.rule("anam.notes.expressivity")
    assert violation.where == "/personaConfig/directorNotes/expressivity"
    assert (violation.expected, violation.actual) == ("maximum 1", 2)


def test_reply_is_checked(contract):
    start = contract.operations["startSession"]
    assert [violation.rule.id for violation in start.check_reply(200, {})] == ["anam.reply"] * 6
    assert start.check_reply(418, {})[0].message.startswith("startSession answered 418")
    assert start.check_reply(400, {"error": "x", "message": "y"}) == ()
    assert contract.operations["deleteSession"].check_reply(204, None) == ()
    assert contract.operations["deleteSession"].check_reply(204, {})


def test_an_overlay_needs_no_evidence():
    changed = Contract.load("anam", {"sizes": {"cara-4": {"pairs": {"8x8": {}}}}})
    assert changed.tables["sizes"]["cara-4"]["pairs"]["8x8"] == {}


def test_overlay_changes_tables_of_this_contract_alone():
    changed = Contract.load("anam", {"sizes": {"cara-4": {"default": "8x8"}}})
    assert changed.tables["sizes"]["cara-4"]["default"] == "8x8"
    assert Contract.load("anam").tables["sizes"]["cara-4"]["default"] != "8x8"


@pytest.mark.parametrize(
    ("base", "patch", "merged"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
        ({"a": 1}, {"z": None}, {"a": 1}),
    ],
    ids=str,
)
def test_merge(base, patch, merged):
    before = repr(base)
    assert merge(base, patch) == merged
    assert repr(base) == before


def test_minimal_contract_loads(written):
    contract = Contract.load(written(MINIMAL))
    assert contract.vendor == "acme"
    assert contract.operations["x"].check_request([])[0].rule.id == "a.b"
    with pytest.raises(UsageFault, match=r"no rule a\.c"):
        contract.rule("a.c")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level: assumed, ", "", r"acme/contract.yaml: rule a.b has no level"),
        ("source: a choice, ", "", "rule a.b has no source"),
        ("level: assumed", "level: guessed", "rule a.b has level 'guessed'.*documented, measured"),
        ("level: assumed", "level: assumed, refusal: guessed", "rule a.b has refusal 'guessed'.*documented, measured"),
        ("source: a choice", "source: [E9]", "rule a.b names unknown sources.*E9"),
        ("text: some text", "text: x, stauts: 400", "unknown fields.*stauts"),
        ("x-rule: a.b", "x-rule: a.typo", "rule a.typo is used but not in x-rules"),
        ("path: a.b", "path: a.typo", "rule a.typo is used but not in x-rules"),
        ("type: object, x-rule", "type: objekt, x-rule", "schema of the contract is not valid"),
        ("type: object, x-rule", "$ref: '#/components/schemas/No', x-rule", "schema of the contract is not valid"),
        ("operationId: x", "summary: x", r"missing required field operationId - at paths\[...\].post"),
        ("x-rules:", "x-regeln:", "missing required field x-rules"),
        ("info: {", "info: {{", r"contract.yaml:\d+: not YAML"),
    ],
    ids=lambda value: value[:30],
)
def test_broken_contract(written, old, new, message):
    assert old in MINIMAL
    with pytest.raises(UsageFault, match=message):
        Contract.load(written(MINIMAL.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x-rules:\n  a.b:", "x-rules:\n  -", "Expected object, got array - at x-rules"),
        ("paths:", "x-settings: none\npaths:", "Expected object, got str - at x-settings"),
        ("paths:", "x-settings: {s: none}\npaths:", r"Expected object, got str - at x-settings\[...\]"),
        ("paths:", "paths:\nx-paths:", "Expected object, got null - at paths"),
        ('info: {version: "1"}', "info:", "Expected object, got null - at info"),
        ("x-rule: a.b", "x-rule: [a.b]", "x-rule .*a.b.* is neither a rule nor a mapping"),
        ("source: a choice", "source: 7", "the source of a.b is neither a text nor a list of x-sources"),
        ("source: a choice", "source: [7]", "the source of a.b is neither a text nor a list of x-sources"),
        ("text: some text", "text: 7", "rule a.b has text 7"),
        ("text: some text", "text: x, status: often", "rule a.b has status 'often'"),
        (
            '"200": {description: done',
            '"201":\n        "200": {description: done',
            r"Expected object, got null - at paths\[...\].post",
        ),
        ('"200"', "default", r"at key in paths|at .*responses"),
        ("paths:", "x-loop: &loop {again: *loop}\npaths:", "nested too deeply, or contains itself"),
        (
            "operationId: x",
            "operationId: x\n      operationId: y",
            r"contract.yaml:13: not YAML: the key operationId stands twice",
        ),
        (", crash: a.b", "", "Object missing required field crash - at x-generic"),
        ("operationId: x", "operationId: [x]", "Expected str, got array - at paths"),
        ("description: done, ", "", "'description' is missing"),
        ("schema: {type: object}", "scheme: {type: object}", "'schema' is missing"),
    ],
    ids=lambda value: value[:30],
)
def test_a_contract_of_another_form_is_one_line(written, old, new, message):
    assert old in MINIMAL
    with pytest.raises(UsageFault, match=message) as fault:
        Contract.load(written(MINIMAL.replace(old, new, 1)))
    assert "contract.yaml" in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


def test_a_name_that_no_file_can_have_is_no_vendor():
    with pytest.raises(UsageFault, match="There is no vendor 'nnn"):
        Contract.load("n" * 300)


@pytest.mark.parametrize("text", ["", "[]", "text", "\x00"])
def test_no_contract_at_all(written, text):
    with pytest.raises(UsageFault, match=r"contract\.yaml"):
        Contract.load(written(text))


def test_unreadable(tmp_path):
    with pytest.raises(UsageFault, match="cannot be read"):
        Contract.load(tmp_path / "acme" / "contract.yaml")


@pytest.mark.parametrize(
    "setting",
    [
        "{default: 1, level: assumed, text: t}",
        "{default: x, type: integer, level: assumed, text: t}",
        "{type: integer, level: assumed, text: t}",
        "{default: 1, serve: x, type: integer, level: assumed, text: t}",
        "{default: 1, type: integer, level: gossip, text: t}",
        "{default: 1, type: integer, level: assumed, text: ''}",
    ],
)
def test_broken_setting(written, setting):
    with pytest.raises(UsageFault, match=r"[Ss]etting s"):
        Contract.load(written(MINIMAL + f"\nx-settings:\n  s: {setting}\n"))


@pytest.mark.parametrize(
    ("setting", "serve", "takes"),
    [
        ("{default: 1, type: integer}", 1, "a whole number"),
        ("{default: 1, serve: 2, allowed: [1, 2, x, true]}", 2, "1, 2, x, true"),
        ('{default: null, type: [integer, "null"], minimum: 0}', None, "a whole number from 0 or null"),
        ("{default: 1, type: number, exclusiveMinimum: 0, maximum: 9}", 1, "a number above 0 to 9"),
        ("{default: true, type: boolean}", True, "true or false"),
    ],
)
def test_setting_in_words(written, setting, serve, takes):
    text = setting.replace("{", "{level: assumed, text: t, ", 1)
    loaded = Contract.load(written(MINIMAL + f"\nx-settings:\n  s: {text}\n")).settings["s"]
    assert (loaded.serve, loaded.takes) == (serve, takes)


def test_a_file_is_read_once_until_it_is_another(written):
    path = written(MINIMAL)
    first = Contract.load(path)
    assert Contract.load(path) is first
    assert Contract.load(written(MINIMAL.replace("some text", "same text"))).rule("a.b").text == "same text"
    assert Contract.load(path, {"a": 1}).tables == {"a": 1}
    assert Contract.load(path).tables == {}


def test_the_contract_to_compare_with_is_named_where_it_lies():
    with pytest.raises(UsageFault) as caught:
        form.check({}, "contract.yaml")
    assert form.example().is_file()
    assert caught.value.remedy == f"Compare with {form.example()}"
