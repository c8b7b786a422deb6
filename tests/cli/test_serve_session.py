"""The promise of `serve`: a person's own agent, one click, and a face that speaks; then Ctrl-C in the middle."""

import asyncio
import base64
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import numpy as np
import pytest
from PIL import Image

from mockvendors import limits
from mockvendors.avatar import stamp

Ask = Callable[..., Awaitable[dict[str, Any]]]

OWN = "0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b2c3d"
AGENT = Path(__file__).parents[2] / "examples" / "agent.py"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--window-size=1250,900",
]
SHOWN = "[...document.querySelectorAll('article img')].some((image) => image.naturalWidth === 1152)"
HEAR = """
    var played = 0, start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (when) { played += this.buffer.length; start.call(this, when); };
    [...document.querySelectorAll("article button")].find((button) => !button.disabled).click();
"""
BOX = "JSON.stringify(document.querySelector('article img').getBoundingClientRect())"


@pytest.fixture(scope="module")
def serve(start_serve):
    return start_serve("anam").with_livekit()


@pytest.fixture(scope="module")
def agent(serve) -> Iterator[subprocess.Popen[bytes]]:
    """The example, unmodified, with what `serve` printed, and with an avatar of somebody's own account."""
    log = serve.folder / "agent.log"
    env = {**serve.env, **serve.exports, "ANAM_AVATAR_ID": OWN, "TMPDIR": str(serve.folder)}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, AGENT, "dev"], env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        serve.until(lambda: b"registered worker" in log.read_bytes(), limits.DRIVER_HELLO, log.read_text)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # its LiveKit may be gone, and it would wait for it
        process.wait()


@pytest.fixture(scope="module")
def session(serve, agent) -> dict[str, object]:
    """The session that the agent starts in a room that was opened on the page."""
    status, body = serve.call("POST", f"{serve.page}rooms")
    assert status == 201, body
    assert agent.poll() is None
    serve.wait_for("was heard for 1.40 s")
    state = serve.state()
    assert [state["rooms"], len(state["sessions"])] == [[json.loads(body)["room"]], 1]
    return state["sessions"][0]


def test_the_page_knows_the_session(session):
    assert (session["state"], session["can_look"], session["vendor"], session["label"]) == ("live", True, "anam", "stock 1")
    assert (session["width"], session["height"], session["fps"]) == (1152, 768, 25)


def test_stderr_tells_of_the_avatar(serve, session):
    assert f"avatar {str(session['id'])[:8]} joined room {session['room']} as anam-avatar-agent" in serve.err
    assert "1152x768 at 25 fps" in serve.err
    assert f"avatar {OWN} is not in the mock's catalogue; stood in for by stock 1" in serve.err
    assert not re.search(r"eyJ[\w-]+\.", serve.out + serve.err)


def test_its_face_comes_as_jpeg_with_a_stamp_that_reads(serve, session):
    body = serve.read_some(f"{serve.page}sessions/{session['id']}/video.mjpeg", 300_000)
    pictures = [part[part.index(b"\xff\xd8") :] for part in body.split(b"\r\n--frame\r\n")[:-1]]
    images = [Image.open(io.BytesIO(picture)).convert("L") for picture in pictures]
    marks = [stamp.read(np.asarray(image)) for image in images]
    assert {(mark.width, mark.height) for mark in marks} == {(1152, 768)} == {image.size for image in images}
    assert [mark.frame for mark in marks] == sorted({mark.frame for mark in marks})


def test_its_voice_comes_as_a_wav_file_that_never_ends(serve, session):
    body = serve.read_some(f"{serve.page}sessions/{session['id']}/voice.wav", 44 + 2 * 48_000 * 2)
    assert (body[:4], body[8:12], body[24:28]) == (b"RIFF", b"WAVE", (48_000).to_bytes(4, "little"))
    samples = np.frombuffer(body[44:], np.int16)
    assert len(samples) == 2 * 48_000
    assert np.sqrt(np.mean(np.square(samples, dtype=np.float64))) > 500


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt-get install chromium)")
@pytest.mark.usefixtures("session")
async def test_a_browser_shows_the_face_and_plays_the_voice(serve):
    # pytest's own folder may be too long: a browser puts a socket into it, whose path may have 107 characters
    with tempfile.TemporaryDirectory() as folder:
        await shows_and_plays(serve, Path(folder))


async def shows_and_plays(serve, folder):
    async with browser(serve.page, folder) as ask:
        await shows(ask, SHOWN)
        await ask("Runtime.evaluate", expression=HEAR, userGesture=True)
        await shows(ask, "played > 48_000")
        box = json.loads((await ask("Runtime.evaluate", expression=BOX))["result"]["value"])
        clip = {side: box[side] for side in ("x", "y", "width", "height")} | {"scale": 1}
        shot = await ask("Page.captureScreenshot", format="png", clip=clip)
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("L")
    mark = stamp.read(np.asarray(picture))
    assert mark is not None
    assert (mark.width, mark.height) == (1152, 768)


async def shows(ask: Ask, expression: str) -> None:
    """Return when this is true in the page."""
    async with asyncio.timeout(limits.scaled(limits.PROBE_WAIT)):
        while not (await ask("Runtime.evaluate", expression=expression))["result"].get("value"):  # noqa: ASYNC110 - a page
            await asyncio.sleep(limits.LIVEKIT_POLL)


@asynccontextmanager
async def browser(page: str, profile: Path) -> AsyncIterator[Ask]:
    """Open the page in a real browser; yields what calls a method of its DevTools protocol."""
    process = subprocess.Popen(  # noqa: ASYNC220 - it starts in a millisecond
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", page],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(profile)},
    )
    try:
        port = await devtools(profile / "DevToolsActivePort")
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            async with http.get("/json") as reply:
                tab = next(tab for tab in await reply.json() if tab["type"] == "page")
            async with http.ws_connect(urlsplit(tab["webSocketDebuggerUrl"]).path, max_msg_size=0) as socket:
                yield asker(socket)
    finally:
        process.terminate()
        process.wait(limits.scaled(limits.DRIVER_CLOSE))


def asker(socket: aiohttp.ClientWebSocketResponse) -> Ask:
    numbers = count(1)

    async def ask(method: str, **params: object) -> dict[str, Any]:
        number = next(numbers)
        await socket.send_json({"id": number, "method": method, "params": params})
        while (reply := await socket.receive_json()).get("id") != number:
            pass
        return reply["result"]

    return ask


async def devtools(file: Path) -> str:
    """Return the port that the browser has chosen, once it is written."""
    async with asyncio.timeout(limits.scaled(limits.DRIVER_HELLO)):
        while not (file.exists() and "\n" in file.read_text()):  # noqa: ASYNC110, ASYNC240 - a file
            await asyncio.sleep(limits.LIVEKIT_POLL)
    return file.read_text().splitlines()[0]  # noqa: ASYNC240 - as above


def test_ctrl_c_in_mid_speech_takes_the_avatar_out_of_the_room_and_leaves_nothing(serve, session):
    assert serve.stop() == 0
    assert f"left room {session['room']}: mockvendors ends" in serve.err
    assert serve.left() == []
    assert "ERROR" not in serve.err
    assert "Traceback" not in serve.err
