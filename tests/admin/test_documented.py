"""Each call that docs/serve.md and docs/faults.md show is taken as it stands there."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from tests.admin.conftest import GOOD, HALF

DOCS = Path(__file__).parents[2] / "docs"
FOLLOWED = 28
"""How curl ends when its time is up."""
pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")


def calls(page):
    """Return the lines that call the admin API; one that ends in a backslash goes on."""
    text = (DOCS / page).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.startswith("curl ")]


async def sent(line, **env):
    options = "-s --max-time 2 -o /dev/null -w %{http_code}"
    process = await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", line.replace("curl ", f"curl {options} ", 1), env=env, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return out.decode(), process.returncode


@pytest.mark.parametrize(("page", "least"), [("serve.md", 18), ("faults.md", 5)])
async def test_each_call_is_taken(mock, call, tenant, page, least):
    await call.start(HALF)
    session = (await call.start(GOOD)).body["sessionId"]
    env = {"ANAM_API_URL": call.base, "SESSION": session, "PATH": "/usr/local/bin:/usr/bin:/bin", "NO_PROXY": "*"}
    lines = calls(page)
    assert len(lines) >= least
    for line in lines:
        if line.startswith("curl -X POST") and "/faults -" in line:
            tenant.faults.clear()
        others = [other for other in mock.tenants["anam"] if other is not tenant]
        named = line.replace("key:ab12cd34", others[-1].name if others else tenant.name)
        status, code = await sent(named, **env)
        assert status in {"200", "201"}, f"{line}: {status}"
        assert code == (FOLLOWED if "follow=true" in line else 0), line
    assert tenant.sessions.get(session) is None or page == "faults.md", "the reset of the page has ended it"


def test_every_call_is_shown():
    shown = {
        tuple(found)
        for line in calls("serve.md") + calls("faults.md")
        for found in re.findall(r"(?:-X (\w+) )?\S*/_mock/(\w[\w-]*)", line)
    }
    assert {(method or "GET", name) for method, name in shown} >= {
        *(("GET", name) for name in ("journal", "near-misses", "sessions", "faults", "settings", "tenants")),
        *(("POST", name) for name in ("verify", "faults", "sessions", "tenants", "reset")),
        *(("DELETE", name) for name in ("faults", "tenants")),
        ("PATCH", "settings"),
    }
