"""Who may call the admin API, and what a wrong call gets."""

import pytest

from mockvendors.errors import UsageFault
from mockvendors.server import MockServer
from tests.admin.conftest import AdminCaller
from tests.mock.conftest import PaperAvatars


async def test_it_says_what_is_served(admin, mock):
    told = await admin("GET", "")
    assert told["name"] == "mockvendors"
    assert told["vendors"] == {"anam": mock.base_url("anam")}
    assert told["harness_faults"] == []


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
async def test_no_web_page_may_call(admin, headers):
    await admin("GET", "/journal", headers=headers, expect=403)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "[::1]:99"])
async def test_names_of_this_machine_may_call(admin, host):
    await admin("GET", "/journal", headers={"Host": host})


async def test_a_token_is_asked_for_where_there_is_one():
    async with MockServer(["anam"], avatars=PaperAvatars(), admin_token="let-me-in") as mock:
        admin = AdminCaller(mock.base_url("anam"))
        await admin("GET", "/journal", expect=401)
        await admin("GET", "/journal", headers={"Authorization": "Bearer let-me-out"}, expect=401)
        await admin("GET", "/journal", headers={"Authorization": "Bearer let-me-in", "Host": "elsewhere.example"})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1"])
def test_a_bind_for_others_needs_a_token(host):
    with pytest.raises(UsageFault, match="admin-token"):
        MockServer(["anam"], host=host, avatars=PaperAvatars())
    MockServer(["anam"], host=host, avatars=PaperAvatars(), admin_token="t")


@pytest.mark.parametrize("token", ["", " x", "ä", "a\nb"])
def test_a_token_must_fit_a_header(token):
    with pytest.raises(UsageFault):
        MockServer(["anam"], avatars=PaperAvatars(), admin_token=token)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("PUT", "/journal", None, 405),
        ("POST", "/verify", {"reqest": {}}, 400),
        ("POST", "/verify", {"request": {"status": "200"}}, 400),
        ("POST", "/verify", {"request": {}, "times": -1}, 400),
        ("POST", "/verify", {"request": {}, "times": 1, "at_least": 1}, 400),
        ("POST", "/verify", {"request": {}, "at_least": 2, "at_most": 1}, 400),
        ("POST", "/verify", [], 400),
        ("GET", "/journal?limit=0", None, 400),
        ("GET", "/journal?limit=x", None, 400),
        ("GET", "/journal?status=1&status=2", None, 400),
        ("GET", "/journal?unknown=1", None, 400),
        ("GET", "/journal?tenant=nobody", None, 400),
        ("GET", "/journal?vendor=nobody", None, 400),
        ("POST", "/tenants", {"vendor": "nobody"}, 400),
        ("POST", "/tenants?api_key=mine", None, 400),
        ("GET", "/faults/known?fault=delay", None, 400),
        ("POST", "/sessions/none/end?reason=x", None, 400),
    ],
)
async def test_a_wrong_call_is_explained(admin, method, path, body, status):
    told = await admin(method, path, body, expect=status)
    assert told["error"]
    assert told["remedy"]


async def test_the_document_says_where_a_body_is_needed(admin):
    told = await admin("GET", "/openapi.json")
    needed = {
        call["operationId"]: call["requestBody"]["required"]
        for path in told["paths"].values()
        for call in path.values()
        if "requestBody" in call
    }
    optional = {"makeTenant", "endSession", "reset"}
    assert needed == {name: name not in optional for name in (*optional, "verify", "addFault", "turnSettings")}
    await admin("POST", "/reset")
    await admin("POST", "/verify", expect=400)


async def test_the_document_tells_every_call(admin):
    told = await admin("GET", "/openapi.json")
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) >= {
        "/_mock/journal",
        "/_mock/verify",
        "/_mock/near-misses",
        "/_mock/sessions",
        "/_mock/faults",
        "/_mock/settings",
        "/_mock/reset",
    }
