"""The admin API changes what the mock does: tenants, sessions, faults, settings, reset."""

import pytest

from tests.admin.conftest import GOOD, HALF
from tests.mock.conftest import Client


async def test_a_tenant_is_made_used_and_closed(admin):
    minted = await admin("POST", "/tenants", {"vendor": "anam", "settings": {"max_concurrent": 1}}, expect=201)
    client = Client(minted["base_url"], minted["api_key"])
    assert (await client.start(GOOD)).status == 200
    assert (await client.start(GOOD)).status == 429
    (told,) = await admin("GET", "/tenants", tenant=minted["tenant"])
    assert (told["requests"], told["running"]) == (2, 1)
    assert await admin("DELETE", "/tenants", tenant=minted["tenant"]) == {"removed": 1}
    assert (await client.start(GOOD)).status == 401


async def test_a_tenant_with_a_wrong_setting_is_not_made(admin):
    told = await admin("POST", "/tenants", {"settings": {"max_concurrent": "two"}}, expect=400)
    assert "max_concurrent" in told["error"]
    assert await admin("GET", "/tenants") == []


async def test_a_session_is_told_and_ended(admin, call):
    started = (await call.start({**GOOD, "environment": {"livekitUrl": "ws://127.0.0.1:1", "livekitToken": "x"}})).body
    (told,) = await admin("GET", "/sessions")
    assert (told["id"], told["size"]) == (started["sessionId"], "1152x768")
    assert told["state"] in {"starting", "live"}
    ended = await admin("POST", f"/sessions/{told['id']}/end", {})
    assert (ended["state"], ended["reason"]) == ("ended", "admin")
    await admin("POST", "/sessions/none/end", {}, expect=404)


async def test_faults_are_set_shown_and_taken_away(admin, call, tenant):
    set_ = await admin("POST", "/faults", {"tenant": tenant.name, "fault": "status:status=503,calls=1"}, expect=201)
    assert set_["met"] is False
    await admin("POST", "/faults", {"fault": {"fault": "delay", "seconds": 0.01}}, expect=201)
    assert (await call.start(GOOD)).status == 503
    first, second = await admin("GET", "/faults")
    assert (first["met"], second["met"]) == (True, True)
    assert await admin("DELETE", "/faults") == {"removed": 2}
    assert (await call.start(GOOD)).status == 200
    assert {kind["fault"] for kind in await admin("GET", "/faults/known")} >= {"status", "delay", "never-joins"}


@pytest.mark.parametrize(
    "fault", ["stauts:status=503", "status", {"fault": "status", "status": "x"}, {}, "delay:calls=0,seconds=1"]
)
async def test_a_wrong_fault_is_explained(admin, tenant, fault):
    told = await admin("POST", "/faults", {"fault": fault}, expect=400)
    assert told["error"]
    assert told["remedy"]
    assert list(tenant.faults) == []


async def test_settings_are_turned_all_or_none(admin, tenant):
    await admin("PATCH", "/settings", {"settings": {"max_concurrent": 2, "plan": "nonsense"}}, expect=400)
    assert tenant.settings["max_concurrent"] is None
    told = await admin("PATCH", "/settings", {"settings": {"max_concurrent": 2}})
    assert next(setting["value"] for setting in told if setting["setting"] == "max_concurrent") == 2


async def test_reset_lets_a_tenant_begin_anew(admin, call, tenant):
    tenant.set("max_concurrent", 1)
    tenant.faults.add_text("delay:seconds=0.01")
    await call.start(GOOD)
    await call.start(HALF)
    assert await admin("POST", "/reset", {"tenant": tenant.name}) == {"tenants": [tenant.name]}
    assert (tenant.active, tenant.settings["max_concurrent"], list(tenant.faults)) == (0, None, [])
    assert (await admin("GET", "/journal", tenant=tenant.name))["entries"] == []
    assert (await call.start(GOOD)).status == 200
    assert [entry.number for entry in tenant.journal.entries] == [1]


@pytest.mark.parametrize("field", ["tenant", "vendor"])
async def test_who_is_named_in_the_query_of_a_reset_is_not_taken_for_nobody(admin, call, tenant, field):
    await call.start(GOOD)
    value = tenant.name if field == "tenant" else "anam"
    told = await admin("POST", "/reset", expect=400, **{field: value})
    assert (told["error"], told["remedy"][:20]) == (f"{field} stands in the query", "Send it in the body,")
    assert len(tenant.journal.entries) == 1


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("DELETE", "/faults", "tenant, vendor in the query"),
        ("DELETE", "/tenants", "in the query"),
        ("GET", "/journal", "operation"),
    ],
)
async def test_who_is_named_in_a_body_that_is_not_read_is_told(admin, mock, tenant, *, method, path, words):
    other = mock.new_tenant("anam")
    other.faults.add_text("stall")
    told = await admin(method, path, {"tenant": tenant.name}, expect=400)
    assert words in told["remedy"]
    assert len(list(other.faults)) == 1


async def test_a_tenant_that_was_made_with_settings_begins_anew_with_them(admin):
    minted = await admin("POST", "/tenants", {"settings": {"max_concurrent": 1}}, expect=201)
    await admin("PATCH", "/settings", {"settings": {"max_concurrent": 2, "plan": "free"}})
    await admin("POST", "/reset")
    told = {row["setting"]: row["value"] for row in await admin("GET", "/settings", tenant=minted["tenant"])}
    assert (told["max_concurrent"], told["plan"]) == (1, "growth")


async def test_whose_must_be_said_where_there_are_several(admin, mock, tenant):
    other = mock.new_tenant("anam")
    told = await admin("POST", "/faults", {"fault": "stall"}, expect=400)
    assert other.name in told["error"]
    await admin("POST", "/faults", {"fault": "stall", "tenant": other.name}, expect=201)
    assert list(tenant.faults) == []
