"""No statement of a contract without evidence, and each by an id of its own."""

import pytest
import yaml

from mockvendors import paths
from mockvendors.contract import LEVELS, Contract, core_rules
from mockvendors.errors import UsageFault

VENDORS = sorted(found.parent.name for found in paths.contracts().glob("*/contract.yaml"))


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_statement_has_an_id_a_level_and_a_source(vendor):
    evidence = Contract.load(vendor).evidence
    assert len({item.id for item in evidence}) == len(evidence) > 100
    for item in evidence:
        assert item.level in LEVELS, item
        assert item.source, item
    assert {item.kind for item in evidence} == {"rule", "field", "status", "table", "setting"}


def test_every_core_rule_has_evidence():
    assert all(rule.level in LEVELS and rule.source for rule in core_rules().values())


def load_changed(tmp_path, change):
    raw = yaml.safe_load((paths.contracts() / "anam" / "contract.yaml").read_text())
    change(raw)
    file = tmp_path / "anam" / "contract.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(raw))
    return Contract.load(file)


def field(raw):
    return raw["components"]["schemas"]["SessionOptions"]["properties"]["videoWidth"]


def options(raw):
    return raw["components"]["schemas"]["SessionOptions"]["properties"]


def persona(raw):
    return raw["components"]["schemas"]["Session"]["properties"]["personaConfig"]["properties"]


def status(raw):
    return raw["components"]["responses"]["NoPlan"]


def pairs(raw):
    return raw["x-tables"]["sizes"]["cara-4"]["pairs"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: field(raw).pop("x-evidence"), "videoWidth has no evidence"),
        (lambda raw: field(raw)["x-evidence"].pop("id"), "videoWidth has no evidence"),
        (lambda raw: field(raw)["x-evidence"].pop("level"), "anam.field.SessionOptions.videoWidth has level None"),
        (lambda raw: field(raw)["x-evidence"].update(level="sure"), "has level 'sure'"),
        (lambda raw: field(raw)["x-evidence"].update(source=[]), "has no source"),
        (lambda raw: field(raw)["x-evidence"].update(source=["E99"]), "E99"),
        (lambda raw: field(raw)["x-evidence"].update(by="me"), "unknown fields"),
        (lambda raw: field(raw)["x-evidence"].update(id="anam.field.SessionOptions.videoHeight"), "stands twice"),
        (lambda raw: status(raw).pop("x-evidence"), "NoPlan has no evidence"),
        (lambda raw: status(raw)["x-evidence"].update(rule="anam.no"), "unknown rule anam.no"),
        (lambda raw: raw["paths"]["/v1/avatars"]["get"]["responses"]["200"].pop("x-evidence"), "/responses/200 has no evidence"),
        (lambda raw: persona(raw)["fps"].pop("x-evidence"), "fps has no evidence"),
        (lambda raw: options(raw).update(new={"type": "string"}), "new has no evidence"),
        (lambda raw: pairs(raw).update({"999x999": {}}), "x-tables.sizes.cara-4.pairs.999x999 has level None"),
        (lambda raw: pairs(raw)["1152x768"].update(level="gossip"), "pairs.1152x768 has level 'gossip'"),
        (lambda raw: pairs(raw)["1152x768"].pop("source"), "pairs.1152x768 has no source"),
        (lambda raw: raw["x-tables"].update(new={"a": {"b": 1}}), "x-tables.new.a has level None"),
        (
            lambda raw: raw["x-table-evidence"].pop("avatars"),
            "x-tables.avatars.6c1f0d3e-5b0a-4c58-9d1e-000000000001 has level None",
        ),
        (lambda raw: raw["x-table-evidence"]["avatars"].update(level="sure"), "x-tables.avatars has level 'sure'"),
        (lambda raw: raw["x-table-evidence"].update(none={"level": "assumed", "source": "x"}), "'none' is missing or unknown"),
        (lambda raw: raw["x-settings"]["capacity"].update(level="gossip"), "setting capacity has level 'gossip'"),
    ],
)
def test_a_statement_without_evidence_is_refused(tmp_path, change, told):
    with pytest.raises(UsageFault, match=r"anam/contract\.yaml") as refused:
        load_changed(tmp_path, change)
    assert told in str(refused.value)


def test_a_status_that_rests_on_a_rule_has_its_evidence():
    found = {item.id: item for item in Contract.load("anam").evidence}
    assert found["anam.status.NoPlan"].source == found["anam.session.no-plan"].source
