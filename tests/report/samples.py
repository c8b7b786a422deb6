"""Reports as runs write them, made by hand: every verdict, hostile texts, versions of one implementation."""

import msgspec

from mockvendors.report.lines import (
    SCHEMA,
    Case,
    Environment,
    Expectations,
    Footer,
    Header,
    Implementation,
    Judged,
    LiveKit,
    Report,
    Selection,
    Suite,
)

DIGEST = f"sha256:{'0' * 64}"
SUITE = Suite(
    vendor="toy",
    digest=DIGEST,
    contract="2026.11.1",
    contract_digest=DIGEST,
    profile="toy/2026.1",
    profile_digest=DIGEST,
    commit="abc1234",
)
ENVIRONMENT = Environment(python="3.11.7", platform="Linux", os="linux", livekit=LiveKit(version="1.11.0", way="path"))


def who(version="1.2.0", name="livekit-plugins-toy", connect=None, **more):
    connect = connect or f"agents:livekit.plugins.toy=={version}"
    more = {"framework": "livekit-agents", "framework_version": version, "capabilities": ["call.one"], **more}
    return Implementation(connect=connect, name=name, version=version, **more)


def case(number, verdict="pass", outcome=None, name=None, **more):
    return Case(
        implementation="",
        vendor="toy",
        case=name or f"test_toy.py::TestToy::test_{number}",
        verdict=verdict,
        outcome=outcome or verdict,
        seconds=0.5,
        **{"rule": f"toy.rule.{str(number).partition('[')[0]}", "level": "documented", "witness": ["journal"], **more},
    )


def report(file, *judged, exit_code=0, complete=True, **footer):
    """Make a report of pairs of an implementation and its cases."""
    cases = [msgspec.structs.replace(line, implementation=each.connect) for each, lines in judged for line in lines]
    suites = [SUITE]
    header = Header(
        schema=SCHEMA,
        mockvendors="0.1.0",
        time="2026-11-21T18:00:00+00:00",
        suites=suites,
        implementations=[each for each, _ in judged],
        environment=ENVIRONMENT,
        selection=Selection(arguments=["suites/toy"]),
        vendor_mode="mock",
    )
    footer = Footer(
        cases=len(cases),
        judged=[_judged(each, lines) for each, lines in judged],
        complete=complete,
        exit_code=exit_code,
        seconds=12.5,
        **footer,
    )
    return Report(file=file, header=header, cases=cases, footer=footer)


def _judged(each, lines):
    verdicts = [line.verdict for line in lines]
    counts = {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}
    good = {line.verdict for line in lines if line.scored} <= {"pass", "warn", "not claimed"}
    left_out = [line.verdict for line in lines if not line.scored]
    return Judged(
        implementation=each.connect,
        counts=counts,
        conformant=good,
        conformance="yes" if good else "no: it is a sample",
        profile=SUITE.profile,
        not_scored={verdict: left_out.count(verdict) for verdict in dict.fromkeys(left_out)},
        whole=True,
        complete="not verified" not in verdicts,
    )


FAILED = case(
    2,
    "fail",
    name="test_errors.py::TestErrors::test_refusal[400]",
    rule="core.errors.no-retry",
    level="client",
    reason="core.errors.no-retry: A 4xx status is not retryable: the request is sent once",
    seen="requests, when each is answered 400",
    expected="1",
    actual="4",
    broken=["core.errors.no-retry"],
    journal=["0.010 #1 POST /v1/start 400  fault status", "0.023 #2 POST /v1/start 400  fault status"],
    stderr=["WARNING retrying"],
    reproduce="pytest 'suites/toy/test_errors.py::TestErrors::test_refusal[400]'",
)
HOSTILE = case(
    3,
    "crash",
    reason="toy.rule.3: A text | with a pipe, <b>HTML</b> and *stars*",
    expected="that the implementation's process goes on",
    witness=["process"],
    actual="the driver's process ended with exit code 3; its last words:\n```\n</details> a `quoted` | word \x1b[31mred",
    broken=["toy.rule.3"],
)
EVERY = report(
    "every.jsonl",
    (
        who(
            pairing="livekit-agents 1.2.0, of the same version",
            expectations=Expectations(file="known.toml", digest=DIGEST),
        ),
        [
            *(case(f"many[{letter}]") for letter in "abcdef"),
            case(1, "warn", reason="toy.rule.1: An assumption", level="assumed", broken=["toy.rule.1"]),
            FAILED,
            HOSTILE,
            case(4, "timeout", reason="no answer to start within 5 s", rule="", level="", witness=["process"]),
            case(11, "fail", reason="toy.rule.11: Of tomorrow", actual="1", expected="2", broken=["toy.rule.11"], scored=False),
            case(12, "fail", reason="toy.rule.12: An error", actual="1", expected="2", witness=["driver"]),
            case(5, "error", reason="a bug of ours", trace="Traceback (most recent call last):\n  KeyError: 'x'"),
            case(6, "not claimed", reason="toy does not claim call.two"),
            case("7[x]", "not claimed", reason="toy does not claim call.two"),
            case(8, "not verified", reason="there is no way to a LiveKit server", lacks="LiveKit server"),
            case(9, "expected", "fail", reason="it is known (Q1)", actual="2", expected="1", broken=["toy.rule.9"]),
            case(10, "stale", "pass", reason="listed as fail (it was known), yet it passed: remove the entry 'test_10'"),
        ],
    ),
    exit_code=7,
    complete=False,
    notes=["the recording is 3 days old"],
)
NOTHING = report("nothing.jsonl", exit_code=4, complete=False, refusals=["json is not a plugin. Name another"])
PAIRED = "livekit-agents 1.2.0, of the same version"
SIDE_BY_SIDE = report(
    "both.jsonl",
    (
        who(pairing=PAIRED),
        [
            case(1),
            case("2[a]"),
            case("2[b]", witness=["driver"]),
            case(3, "expected", "fail", reason="known", witness=["driver"]),
            case(4, "not claimed", witness=[]),
            case(6),
        ],
    ),
    (
        who("0.9", "toy-node", "node:@livekit/toy", framework="@livekit/agents"),
        [
            case(1),
            case("2[a]", "fail"),
            case("2[b]", "fail", witness=["driver"]),
            case(3, "fail", witness=["driver"]),
            case(4, "not claimed", witness=[]),
            case(5),
        ],
    ),
    exit_code=1,
    notes=[f"{who().connect} ran with {PAIRED}"],
)


def version(number, **verdicts):
    """Make the report of a version; `verdicts` by the number of a case, as c1="fail"."""
    lines = [case(name.removeprefix("c"), verdict) for name, verdict in verdicts.items()]
    return report(f"{number}.jsonl", (who(number), lines), exit_code=int("fail" in verdicts.values()))


HISTORY = (
    version("1.10.0", c1="pass", c2="pass", c3="pass", c4="fail"),
    version("1.9.1", c1="pass", c2="not claimed", c3="fail", c4="fail"),
    version("1.2.0", c1="pass", c2="not claimed", c3="pass", c4="fail"),
)
