"""vcrpy recording into our format: its raw interactions go through the scrubber on their way to the disk.

vcrpy holds them in memory until a test's end. Its own hooks see a request or an answer, never both, and its log shows answers
as they came; so scrubbing sits where it writes, and its log is silent meanwhile. The TLS is the client's, which may check
nothing: what is recorded here is never evidence about the vendor.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import vcr  # type: ignore[import-untyped]  # vcrpy has no types
from vcr.persisters.filesystem import CassetteNotFoundError  # type: ignore[import-untyped]  # as above

from mockvendors.cassettes.interaction import Answer, Headers, Interaction, Sent
from mockvendors.cassettes.naming import plain_name
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.scan import SecretFound
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault

_SILENT = logging.CRITICAL + 1


class Tapes:
    """The cassettes of a test run, which are one recording."""

    def __init__(self, contract: Contract, folder: Path, implementation: str, upstream: str | None) -> None:
        self._contract = contract
        self._folder = folder
        self._implementation = implementation
        self._recorder: Recorder | None = None
        self._names: dict[str, int] = {}
        self._hosts: set[str] = set()
        if upstream:
            self.use(upstream)

    def use(self, url: str) -> None:
        """Record what goes to this server from now on; a run has one, though its port may change."""
        upstream = Upstream.parse(url, "--record-upstream")
        if self._recorder is None:
            self._recorder = Recorder(self._contract, upstream, self._folder, self._implementation, own_tls=False)
        elif upstream.shown != self._recorder.upstream.shown:
            raise UsageFault("A recording has one upstream, and this run names another", "Record the two in two runs")
        else:
            self._recorder.move(upstream)

    @contextmanager
    def tape(self, test: str) -> Iterator[None]:
        """Record a test's requests to the upstream into a cassette of its own."""
        plain = plain_name(test)
        number = self._names[plain] = self._names.get(plain, 0) + 1
        name = plain if number == 1 else f"{plain}-{number}"
        recorder = vcr.VCR(record_mode=vcr.mode.ALL, before_record_request=self._ours)
        recorder.register_persister(_Persister(self, name))
        log = logging.getLogger("vcr")
        level = log.level
        log.setLevel(_SILENT)
        try:
            with recorder.use_cassette(str(self._folder / name)):
                yield
        finally:
            log.setLevel(level)

    def write(self, name: str, interactions: list[Interaction]) -> None:
        """Scrub and write what one test has sent; raises SecretFound for the first that is refused, once the rest is written."""
        recorder, refused = self._recorder, None
        if recorder is None:
            return
        for interaction in interactions:
            try:
                recorder.add(name, interaction)
            except SecretFound as error:
                recorder.missing += 1
                refused = refused or error
        try:
            recorder.save()()
        except (SecretFound, UsageFault):
            recorder.drop(name)
            raise
        if refused is not None:
            raise refused

    def finish(self) -> None:
        """Write the header for the last time."""
        if self._recorder is not None and self._recorder.count:
            self._recorder.finish()

    def summary(self) -> str:
        """Return what was recorded, in a line."""
        if self._recorder is None or not self._recorder.count + self._recorder.missing:
            return "Nothing was recorded: no test with the fixture `cassette` has sent anything to the upstream."
        return self._recorder.summary

    def _ours(self, request: Any) -> Any:  # noqa: ANN401 - vcrpy has no types
        """Leave out what goes to other servers."""
        return request if self._recorder and self._recorder.upstream.path(request.uri) is not None else None


class _Persister:
    """Where vcrpy reads and writes."""

    def __init__(self, tapes: Tapes, name: str) -> None:
        self._tapes = tapes
        self._name = name

    def load_cassette(self, path: str, serializer: object) -> NoReturn:  # noqa: ARG002 - vcrpy's protocol
        raise CassetteNotFoundError

    def save_cassette(self, path: str, cassette_dict: Mapping[str, Any], serializer: object) -> None:  # noqa: ARG002 - as above
        pairs = zip(cassette_dict["requests"], cassette_dict["responses"], strict=True)
        self._tapes.write(self._name, [Interaction(_sent(request), _answer(response)) for request, response in pairs])


def _sent(request: Any) -> Sent:  # noqa: ANN401 - vcrpy has no types
    headers: Headers = tuple((str(name), _text(value)) for name, value in request.headers.items())
    body = request.body
    if isinstance(body, dict | list | int | float):  # what aiohttp was given as json=
        typed = () if any(name.lower() == "content-type" for name, _ in headers) else (("Content-Type", "application/json"),)
        return Sent(request.method, request.uri, headers + typed, json.dumps(body).encode())
    return Sent(request.method, request.uri, headers, _bytes(body))


def _answer(response: Mapping[str, Any]) -> Answer:
    listed = ((name, value if isinstance(value, list) else [value]) for name, value in response["headers"].items())
    headers = tuple((str(name), _text(value)) for name, values in listed for value in values)
    status = response["status"]
    return Answer(status["code"], status["message"] or "", headers, _bytes(response["body"].get("string")))


def _bytes(body: Any) -> bytes:  # noqa: ANN401 - whatever a client takes for a body
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    if hasattr(body, "read"):
        return _bytes(body.read())
    return b"\xff" + type(body).__name__.encode()  # a form or a stream: it has a stand-in, as all that is no text


def _text(value: Any) -> str:  # noqa: ANN401 - libraries have text and bytes
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
