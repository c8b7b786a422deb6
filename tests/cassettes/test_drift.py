"""A vendor with ten plants: drift names what is planted, and nothing else."""

import pytest

from mockvendors.cassettes.recording import find_recordings, read_recording
from mockvendors.drift.findings import find
from mockvendors.drift.run import play_all
from mockvendors.server import MockServer
from tests.cassettes.deviating import PLANTS, deviating, talk

BY_NAME = {plant.name: plant for plant in PLANTS}


@pytest.fixture
async def recorded(tmp_path, record, http):
    """Record ordinary requests to a vendor with these plants, as `mockvendors record` does."""

    async def make(*plants):
        async with MockServer([deviating(tmp_path / "vendor", plants)]) as vendor:
            tenant = vendor.new_tenant("anam")
            tenant.set("avatars", "none")
            recording = await record(vendor.base_url("anam"))
            await talk(http, recording.url, tenant.api_key)
            await recording.stop()
            assert vendor.harness_faults == []
        return recording.read()

    return make


@pytest.fixture
def findings(recorded, contract):
    async def make(*plants):
        played = await play_all(contract, [await recorded(*plants)])
        assert [outcome for outcome in played[0].outcomes if outcome.not_compared] == []
        return find(played)

    return make


def told(findings):
    return sorted((finding.what, change) for finding in findings for change in finding.change[:1])


async def test_without_a_plant_all_agrees(recorded, contract):
    (played,) = await play_all(contract, [await recorded()])
    assert find([played]) == []
    assert (played.agreeing, played.compared, len(played.outcomes)) == (22, 22, 22)


@pytest.mark.parametrize("name", BY_NAME)
async def test_one_plant_is_one_finding(findings, contract, name):
    plant = BY_NAME[name]
    (finding,) = await findings(plant)
    assert (finding.what, plant.finding[1] in finding.change) == (plant.finding[0], True)
    assert set(finding.change) <= {item.id for item in contract.evidence}
    assert not finding.is_evidence


async def test_ten_plants_are_ten_findings(findings):
    assert told(await findings(*PLANTS)) == sorted(plant.finding for plant in PLANTS)


@pytest.mark.parametrize("name", BY_NAME)
async def test_a_plant_less_is_a_finding_less(findings, name):
    rest = [plant for plant in PLANTS if plant.name != name]
    assert told(await findings(*rest)) == sorted(plant.finding for plant in rest)


async def test_what_is_seen_twice_is_told_once_with_both_places(findings):
    (finding,) = await findings(BY_NAME["a missing field in a reply"])
    assert [(place.operation, place.where) for place in finding.places] == [
        ("listAvatars", "/data/*/variantName"),
        ("getAvatar", "/variantName"),
    ]


async def test_what_the_project_recorded_from_its_mock_agrees_with_it(contract):
    recordings = [read_recording(folder, contract) for folder in find_recordings("anam")]
    played = await play_all(contract, [recording for recording in recordings if not recording.is_evidence])
    assert find(played) == []
    assert sum(one.agreeing for one in played) > 20
