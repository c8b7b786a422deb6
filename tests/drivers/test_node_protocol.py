"""The driver of Node plugins: what it answers, whose word an error is, and that nothing but messages reaches its stdout."""

import asyncio
import json

import psutil
import pytest
import pytest_asyncio
from livekit import api

from mockvendors.drivers.command import node_command
from mockvendors.drivers.ends import DriverDied, Unsupported
from mockvendors.drivers.process import DriverProcess
from mockvendors.errors import EnvironmentFault, HarnessFault, UsageFault, VendorFault
from mockvendors.implementations import node_packages, npm
from mockvendors.room.server import livekit_server

LIMIT = 20.0
NOWHERE = {"url": "ws://127.0.0.1:9", "api_key": "devkey", "api_secret": "a-secret-that-opens-no-room-anywhere"}
DESCRIPTION = """
export const capabilities = () => ['call.two', 'wait-for-join'];
export function make(plugin, options, vendor, connection) {
  if (options.unknown) throw Object.assign(new Error('no such option'), { name: 'NotImplementedError' });
  if (options.platform === 'url') new URL('x');
  if (options.platform === 'json') JSON.parse('x');
  if (options.broken) return options.broken.nothing.there;
  return new plugin.AvatarSession({ ...options, connection });
}
"""
TOY = """
import { APIStatusError, APIConnectionError, getJobContext, log } from '@livekit/agents';
console.log('hello from the import');
class ToyError extends Error {}
const RAISE = {
  status: () => new APIStatusError({ message: 'told', options: { statusCode: 404, body: { error: 'gone' } } }),
  connection: () => new APIConnectionError({ message: 'no way' }),
  own: () => new ToyError('mine'),
  plain: () => new Error('plain'),
  type: () => new TypeError('wrong'),
  json: () => { try { JSON.parse('{'); } catch (error) { return error; } },
  late: () => new Error('timed out waiting'),
  text: () => 'only a text',
};
const slowly = async () => {
  await new Promise((over) => setTimeout(over, 200));
  log().info('has ended');
};
class AvatarSession {
  constructor(options) {
    this.options = options;
    if (options.refuse) throw new TypeError('refused at once');
  }
  get avatarIdentity() { return 'toy'; }
  async start(agent, room) {
    this.room = room;
    console.log('{"not": "a message"}');
    process.stdout.write('half a line');
    log().info({ module: 'toy', variable: process.env.TOY ?? null, job: getJobContext(false)?.job.id ?? null }, 'starts');
    if (this.options.raise === 'fetch') await fetch(this.options.url);
    if (this.options.raise) throw RAISE[this.options.raise]();
    if (this.options.hang) await new Promise(() => {});
    if (this.options.slow) getJobContext().addShutdownCallback(slowly);
    if (this.options.leave) room.on('disconnected', () => {});
    agent.on('close', () => {});
    this.sessionId = 'session-of-toy';
  }
  async aclose() {
    if (this.options.closes === 'never well') throw new ToyError('will not close');
  }
}
export { AvatarSession, ToyError };
"""


@pytest.fixture(scope="session")
def installed():
    """Return the folder that holds the framework, as npm gives it to the real plugin."""
    try:
        node = npm.find()
        return node, node_packages.packages(node_packages.Wish("@livekit/agents-plugin-anam", "1.5.0"), node, print).folder
    except EnvironmentFault as lacking:
        pytest.skip(str(lacking))


@pytest.fixture
def command(installed, tmp_path):
    """Return what starts the driver of a toy plugin beside the real framework."""
    node, folder = installed
    modules = tmp_path / "node_modules"
    modules.mkdir()
    for package in (folder / "node_modules").iterdir():
        (modules / package.name).symlink_to(package)
    toy = modules / "toy-avatar"
    toy.mkdir()
    (toy / "package.json").write_text(
        json.dumps({"name": "toy-avatar", "version": "1.2.3", "type": "module", "main": "index.js"})
    )
    (toy / "index.js").write_text(TOY)
    description = tmp_path / "plugin.mjs"
    description.write_text(DESCRIPTION)
    return node_command(node.node, tmp_path, "toy-avatar", description)


@pytest_asyncio.fixture(loop_scope="session")
async def driver(command):
    driver = await DriverProcess.spawn(command)
    yield driver
    await driver.stop()


async def opened(driver, **fields):
    asked = {"livekit": NOWHERE, "room": "r", "connect": False, "job": True, "vendor": {}, **fields}
    return await driver.request("open", LIMIT, session="s", **asked)


async def start(driver, env=None, **options):
    return await driver.request("start", LIMIT, session="s", options=options, connection=None, env=env)


async def test_greeting_tells_who_it_is(driver):
    hello = driver.hello
    assert (hello.name, hello.version, hello.framework, hello.framework_version) == (
        "toy-avatar",
        "1.2.3",
        "@livekit/agents",
        "1.5.0",
    )
    assert hello.language == "Node.js"
    assert hello.capabilities == {"call.two", "wait-for-join", "room"}


async def test_session_from_open_to_close(driver):
    assert (await opened(driver)).ok == {"identity": "agent-s"}
    assert (await start(driver)).ok == {"avatar_identity": "toy", "vendor_session": "session-of-toy"}
    seen = (await driver.request("inspect", LIMIT, session="s", settle_ms=0)).ok
    assert (seen["audio_output"], seen["agent_state"], seen["agent_listeners"]) == (None, "initializing", {"close": 1})
    assert "closed_ms" in (await driver.request("close", LIMIT, session="s", how="graceful")).ok
    assert [event.name for event in driver.events.of("s")] == ["job_entered", "log"]
    with pytest.raises(HarnessFault, match="no open session 's'"):
        await start(driver)


async def test_end_of_a_session_leaves_the_next_of_its_name(driver):
    await opened(driver)
    await start(driver, slow=True)
    await driver.request("close", LIMIT, session="s", how="job")
    await opened(driver)  # at once: the first goes on ending
    assert await driver.events.until("s", lambda told: [each for each in told if "has ended" in str(each.fields)] or None, LIMIT)
    assert (await driver.request("inspect", LIMIT, session="s", settle_ms=0)).ok


async def test_nothing_that_is_printed_reaches_the_protocol(driver):
    await opened(driver)
    await start(driver)
    await driver.request("ping", LIMIT)
    printed = "\n".join(driver.stderr)
    assert "hello from the import" in printed
    assert '{"not": "a message"}' in printed
    assert "half a line" in printed


@pytest.mark.parametrize(("job", "told"), [(True, '"job":"AJ_s"'), (False, '"job":null')], ids=["job", "no-job"])
async def test_log_is_told_and_says_whether_there_is_a_job(driver, job, told):
    await opened(driver, job=job)
    await start(driver, env={"TOY": "set"})
    await start(driver)
    first, second = (event.fields for event in driver.events.of("s") if event.name == "log")
    assert (first["level"], first["logger"]) == ("INFO", "toy")
    assert told in first["text"]
    assert '"variable":"set"' in first["text"]
    assert '"variable":null' in second["text"]


@pytest.mark.parametrize(
    ("options", "kind", "cls"),
    [
        ({"raise": "status"}, "vendor_status", "APIStatusError"),
        ({"raise": "connection"}, "vendor_connection", "APIConnectionError"),
        ({"raise": "own"}, "configuration", "ToyError"),
        ({"raise": "plain"}, "configuration", "Error"),
        ({"raise": "type"}, "invalid_options", "TypeError"),
        ({"raise": "json"}, "vendor_protocol", "SyntaxError"),
        ({"raise": "late"}, "vendor_timeout", "Error"),
        ({"raise": "text"}, "vendor_protocol", "string"),
        ({"raise": "fetch", "url": "http://127.0.0.1:1/"}, "vendor_protocol", "TypeError"),
        ({"refuse": True}, "invalid_options", "TypeError"),
    ],
    ids=str,
)
async def test_what_the_plugin_throws_is_its_own_word(driver, options, kind, cls):
    await opened(driver)
    error = (await start(driver, **options)).error
    assert (error.kind, error.cls) == (kind, cls)


async def test_status_and_body_are_kept(driver):
    await opened(driver)
    error = (await start(driver, **{"raise": "status"})).error
    assert (error.status, error.body, error.retryable) == (404, '{"error":"gone"}', False)
    assert error.bases == ("APIStatusError", "APIError", "Error", "Object")


async def test_mistake_of_the_description_is_the_suites(driver):
    await opened(driver)
    with pytest.raises(
        VendorFault, match=r"the description .*/plugin\.mjs:\d+ failed: TypeError: .* Correct it: docs/add-a-vendor"
    ):
        await start(driver, broken={})


@pytest.mark.parametrize("wrong", ["url", "json"])
async def test_what_the_platform_throws_at_the_description_is_the_suites(driver, wrong):
    await opened(driver)
    with pytest.raises(VendorFault, match=r"the description .*/plugin\.mjs:\d+ failed: (TypeError|SyntaxError): "):
        await start(driver, platform=wrong)


async def test_what_nobody_knows_is_unsupported(driver):
    await opened(driver)
    with pytest.raises(Unsupported, match="no such option"):
        await start(driver, unknown=True)
    with pytest.raises(Unsupported, match="no close 'sideways'"):
        await driver.request("close", LIMIT, session="s", how="sideways")
    with pytest.raises(Unsupported, match="no command 'dance'"):
        await driver.request("dance", LIMIT, session="s")


async def test_close_cuts_off_a_start_that_hangs(driver):
    await opened(driver)
    hanging = asyncio.ensure_future(start(driver, hang=True))
    assert await driver.events.until("s", lambda told: told[1:] or None, LIMIT)  # the start has logged
    assert await driver.request("close", LIMIT, session="s", how="job")
    assert (await hanging).error.kind == "cancelled"


async def test_close_that_throws_still_ends_the_job(driver):
    await opened(driver)
    await start(driver, closes="never well")
    assert (await driver.request("close", LIMIT, session="s", how="graceful")).error.cls == "ToyError"
    with pytest.raises(HarnessFault, match="no open session 's'"):
        await start(driver)


async def test_start_that_fails_beside_a_live_avatar_changes_nothing_for_it(driver):
    await opened(driver)
    await start(driver, closes="never well")
    await start(driver, **{"raise": "own"})
    assert (await driver.request("close", LIMIT, session="s", how="avatar")).error.message == "will not close"


async def test_end_of_stdin_ends_it(command):
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    told, _ = await asyncio.wait_for(process.communicate(b'{"id": 1, "cmd": "ping"}\nnonsense\n'), LIMIT)
    assert [json.loads(line) for line in told.splitlines()] == [
        {"id": 1, "ok": {}},
        {"id": None, "error": {"kind": "driver", "class": "DriverError", "message": "a line that is not a JSON object"}},
    ]
    assert process.returncode == 0


async def test_plugin_that_cannot_be_imported_is_told(command, tmp_path):
    (tmp_path / "node_modules" / "toy-avatar" / "index.js").write_text("import 'nobody-has-this';")
    with pytest.raises(UsageFault, match=r"the plugin toy-avatar cannot be imported: .*nobody-has-this"):
        await DriverProcess.spawn(command)


@pytest_asyncio.fixture(loop_scope="session")
async def job(driver):
    """Run a session as a true job, and yield LiveKit's server and the job's room."""
    try:
        with livekit_server(print) as livekit:
            where = {"url": livekit.url, "api_key": livekit.api_key, "api_secret": livekit.api_secret}
            assert (await opened(driver, livekit=where, connect=True)).ok["identity"].startswith("agent-")
            assert (await start(driver)).ok["vendor_session"] == "session-of-toy"
            yield livekit
    except EnvironmentFault as lacking:
        pytest.skip(str(lacking))


@pytest.mark.usefixtures("job")
async def test_death_of_a_jobs_process_is_the_drivers(driver):
    for process in psutil.Process(driver.pid).children():
        process.kill()
    with pytest.raises(DriverDied, match="the job's process ended by itself"):
        await driver.request("inspect", LIMIT, session="s", settle_ms=0)


async def test_job_that_ends_by_itself_can_be_closed(driver, job):
    async with api.LiveKitAPI(job.url, job.api_key, job.api_secret) as server:
        await server.room.delete_room(api.DeleteRoomRequest(room="r"))
    async with asyncio.timeout(LIMIT):  # the job's process notices in a moment
        while (seen := await driver.request("inspect", LIMIT, session="s", settle_ms=0)).error is None:
            pass
    assert (seen.error.kind, seen.error.message) in {("room", "the job has ended by itself"), ("cancelled", "the job is over")}
    assert (await driver.request("close", LIMIT, session="s", how="job")).ok == {"closed_ms": 0}
    with pytest.raises(HarnessFault, match="no open session 's'"):
        await start(driver)
