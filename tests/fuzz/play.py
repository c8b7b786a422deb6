"""One example: keys of its own, requests one after the other, each judged; what was sent is kept to be told."""

import itertools
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine
from schemathesis.core.failures import FailureGroup

from .defect import Defect
from .figures import Figures
from .harness import RunningMock
from .judge import Judge
from .ledger import Ledger
from .odd import JSON
from .subject import Subject
from .wire import LIMIT, MARK, Got, Sent, as_json, bearer, lower

VALUES: dict[str, list[Any]] = {
    "max_concurrent": [0, 1, 2],
    "max_session_seconds": [0.001, 5, 1e9],
    "token_seconds": [0, -1.5, 600],
}
"""Of settings that take any number, the worth trying; the others are tried with all that they allow. A token that does not end at
once must outlive its example, also on a machine that stands still."""
SHRINK_SECONDS = 30
"""Hypothesis' own 300 s have no setting; a sequence gets little smaller after this."""
SHRINKING = (Phase.generate, Phase.shrink)
"""So that a failure is small."""
OF_THE_AVATAR = ("avatars", "leave_on_speaker_left", "speaker_left_grace")


def example_settings(examples: int, phases: Sequence[Phase]) -> hypothesis_settings:
    """Return Hypothesis' settings: no database, no deadline, one defect at a time."""
    return hypothesis_settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )


class Stage:
    """What all examples of a run share."""

    def __init__(self, subject: Subject, mock: RunningMock, figures: Figures, phases: Sequence[Phase] = SHRINKING) -> None:
        self.subject = subject
        self.raw = subject.raw
        self.mock = mock
        self.figures = figures
        self.judge = Judge(subject.raw, mock, figures)
        self._phases = phases
        engine.MAX_SHRINKING_SECONDS = SHRINK_SECONDS
        self.session = requests.Session()
        self.session.trust_env = False
        self.marks = itertools.count(1)

    def settings(self, examples: int) -> hypothesis_settings:
        """Return Hypothesis' settings of this run."""
        return example_settings(examples, self._phases)

    def start(self, bodies: Iterable[Mapping[str, Any]], chosen: Mapping[str, Any]) -> None:
        """Start with bodies in one call, and ask for tokens with them where the token call looks at bodies."""
        with self.play(chosen, {"validate_at": "both", **chosen}) as play:
            for body in bodies:
                for target, ledger in zip(("/v1/engine/session", "/v1/auth/session-token"), play.ledgers, strict=True):
                    play.send(Sent("POST", target, (bearer(ledger.key), JSON), as_json(body)))

    @contextmanager
    def play(self, *settings: Mapping[str, Any]) -> Iterator["Play"]:
        """Give an example, with one key for each set of settings."""
        play = Play(self, [self.mock.open(dict(chosen)) for chosen in settings])
        try:
            yield play
        finally:
            for ledger in play.ledgers:
                self.mock.close(ledger)


class Play:
    """One example."""

    def __init__(self, stage: Stage, ledgers: list[Ledger]) -> None:
        self.stage = stage
        self.ledgers = ledgers
        self.sent: list[tuple[Sent, Got]] = []
        """The requests so far, with their answers."""

    def send(self, sent: Sent) -> Got:
        """Send a request as it is, and judge the answer."""
        sent = sent.with_header(MARK, str(next(self.stage.marks)))
        with self._telling(sent):
            got = self.stage.mock.line.send(sent)
        self._judge(sent, got)
        return got

    def call(self, case: schemathesis.Case, headers: Mapping[str, str]) -> schemathesis.Response:
        """Send schemathesis' request with these headers, and judge the answer."""
        marked = {**headers, MARK: str(next(self.stage.marks))}
        began, sent_at = time.time(), time.monotonic()
        try:
            response = case.call(base_url=self.stage.mock.base, session=self.stage.session, headers=marked, timeout=LIMIT)
        except requests.RequestException as error:
            with self._telling():
                raise Defect("no answer", f"{case.method} {case.formatted_path} ended with {error!r}") from error
        answer = lower((name, ", ".join(values)) for name, values in response.headers.items())
        got = Got(response.status_code, answer, response.content, (began, time.time()), sent_at)
        self._judge(as_sent(response.request), got)
        return response

    def validate(self, case: schemathesis.Case, response: schemathesis.Response, checks: list[Any], **context: Any) -> None:
        """Run schemathesis' own checks; what they find is a defect as any other."""
        with self._telling():
            try:
                case.validate_response(response, checks=checks, **context)
            except FailureGroup as failures:
                first = failures.exceptions[0]
                raise Defect(f"schemathesis {type(first).__name__}", str(first)) from failures

    def _judge(self, sent: Sent, got: Got) -> None:
        self.sent.append((sent, got))
        with self._telling():
            self.stage.judge.judge(sent, got, self.ledgers)

    @contextmanager
    def _telling(self, unanswered: Sent | None = None) -> Iterator[None]:
        """Let a defect leave with its story, to which a request belongs that has no answer."""
        try:
            yield
        except Defect as defect:
            self.sent += [] if unanswered is None else [(unanswered, Got(0))]
            defect.story = self.told()
            raise

    def told(self) -> tuple[str, ...]:
        """Return what was sent as commands, with how each was answered; keys, tokens and sessions by names."""
        names = {ledger.key: f"$KEY{n}" for n, ledger in enumerate(self.ledgers, 1)}
        lines = [f"# {names[ledger.key]}: settings {self._turned(ledger)}" for ledger in self.ledgers]
        for number, (sent, got) in enumerate(self.sent, 1):
            given = {value: f"${name.upper()}{number}" for name, value in _given(got).items()}
            names |= {value: name for value, name in given.items() if value not in names}
            line = sent.curl(self.stage.mock.base)
            for value, name in names.items():
                line = line.replace(value, name)
            lines.append(f"{line}  # {got.status}{''.join(f' gives {name}' for name in given.values())}")
        return tuple(lines)

    def _turned(self, ledger: Ledger) -> dict[str, Any]:
        return {name: value for name, value in ledger.settings.items() if value != self._default(name)}

    def _default(self, name: str) -> object:
        return "none" if name == "avatars" else self.stage.raw["x-settings"][name]["default"]


def _given(got: Got) -> dict[str, str]:
    """Return the session or the token that an answer gives."""
    told = got.json if got.status < 300 and got.body else None
    fields = {"session": "sessionId", "token": "sessionToken"}
    return {name: told[field] for name, field in fields.items() if isinstance(told, dict) and field in told}


def as_sent(prepared: requests.PreparedRequest) -> Sent:
    """Return a request of schemathesis as it goes over the wire."""
    body = prepared.body or b""
    headers = tuple((_text(name), _text(value)) for name, value in prepared.headers.items())
    return Sent(prepared.method or "", prepared.path_url, headers, body.encode() if isinstance(body, str) else body)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def switches(raw: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return every switch of the contract with every value that is worth trying, but for those of an avatar in its room."""
    names = [name for name in raw["x-settings"] if name not in OF_THE_AVATAR]
    return [(name, value) for name in names for value in raw["x-settings"][name].get("allowed") or VALUES[name]]


def settings(raw: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return settings of a key: every second time as the contract has them, else one or two turned."""
    turned = st.lists(st.sampled_from(switches(raw)), min_size=1, max_size=2)
    return st.one_of(st.just({}), turned.map(dict))
