"""What a plugin can do: seen from its names and version, or said by itself, and told in docs/ci.md."""

import ast
import importlib.util
import re
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from suites.anam.traits import ANAM

from .running import ROOT, implementation, run, verdict


@pytest.fixture(scope="module")
def description():
    spec = importlib.util.spec_from_file_location("anam_description", ROOT / "suites" / "anam" / "plugin.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Persona:
    name: str
    avatarId: str  # noqa: N815  # the API's own name


@dataclass
class PersonaWithModel(Persona):
    avatarModel: str | None = None  # noqa: N815  # as above


@dataclass
class Disclosure:
    show_ai_avatar_disclosure: bool | None = None


class Least:
    def __init__(self, *, persona_config, api_url=None, api_key=None):
        """Take the least."""


class Waits(Least):
    def wait_for_join(self):
        """Wait."""


class Most:
    def __init__(self, **anything):
        """Take everything."""


def plugin(avatar_session=Least, version="1.8.9", persona=Persona, **more):
    return SimpleNamespace(AvatarSession=avatar_session, PersonaConfig=persona, __version__=version, **more)


ONE_189 = {"call.one", "playback-started"}
ARGUMENTS = {"connection-options", "avatar-identity", "avatar-name"}


@pytest.mark.parametrize(
    ("offered", "seen"),
    [
        (plugin(), ONE_189),
        (plugin(Waits), ONE_189 | {"wait-for-join"}),
        (plugin(Most), ONE_189 | ARGUMENTS),
        (plugin(persona=PersonaWithModel), ONE_189 | {"avatar-model"}),
        (plugin(SessionOptions=Disclosure), ONE_189 | {"disclosure"}),
        (plugin(SessionOptions=Most), ONE_189 | {"disclosure", "video-size"}),
        (plugin(DirectorNotes=object), ONE_189 | {"director-notes"}),
        (plugin(version="1.8.0"), {"call.two"}),
        (plugin(version="1.8"), {"call.two"}),
        (plugin(version="1.8.8.post1"), {"call.one"}),
        (plugin(version="1.8.9+fork"), ONE_189),
        (plugin(version="1.9.0rc1"), ONE_189),
        (plugin(version="1.9"), ONE_189),
        (plugin(version="1.10.dev3"), ONE_189),
        (plugin(version="v2"), ONE_189),
        (plugin(version="unknown", CAPABILITIES=["call.two"]), {"call.two"}),
    ],
    ids=lambda value: None if isinstance(value, set) else str(value)[:60],
)
def test_what_is_seen(description, offered, seen):
    assert description.capabilities(offered) == seen


@pytest.mark.parametrize("version", ["unknown", "", None, "main-1.8.9"])
def test_version_that_tells_nothing_names_both_remedies(description, version):
    with pytest.raises(ValueError, match=re.escape(f"__version__ is {version!r}")) as told:
        description.capabilities(plugin(version=version))
    assert "CAPABILITIES" in str(told.value)


@pytest.mark.parametrize(("name", "remedy"), [("video_size", "Nearest: video-size"), ("xyz", "Known: call.one, call.two")])
def test_name_that_no_case_knows_is_refused(description, name, remedy):
    with pytest.raises(ValueError, match=re.escape(f"CAPABILITIES names {name!r}, which no case knows. {remedy}")):
        description.capabilities(plugin(CAPABILITIES={"call.one", name}))


@pytest.mark.parametrize("names", [None, "call.one", 1, ["call.one", 1], [[]]])
def test_names_that_are_none_are_the_plugins(description, names):
    with pytest.raises(TypeError, match=r"CAPABILITIES is .*, and not a set of names"):
        description.capabilities(plugin(CAPABILITIES=names))


@pytest.mark.parametrize("kind", [None, 1, SimpleNamespace(), type("Odd", (), {"__signature__": 1})])
def test_what_is_no_class_is_the_plugins(description, kind):
    """The description itself says so, by an error that it raises: what the standard library raises there would be its mistake."""
    with pytest.raises(TypeError, match=r"stands where a class is looked for|does not say what it takes: "):
        description.capabilities(plugin(kind))


def test_each_is_read_by_a_case_and_told_in_the_docs(description):
    told = re.findall(r"^\| `([a-z][a-z.-]+)` \| ", (ROOT / "docs" / "ci.md").read_text(), re.MULTILINE)
    assert told == list(description.CAPABILITIES)
    needed = {name for cls in suite() for mark in marks(cls) if mark.name == "needs" for name in mark.args}
    protocol = (ROOT / "docs" / "driver-protocol.md").read_text().partition("**Capabilities**")[2].partition("|")[0]
    of_drivers = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)` \(", protocol))
    assert {"room", "job-only"} <= of_drivers
    assert needed - of_drivers <= set(description.CAPABILITIES) <= needed


def suite():
    """Return the classes of suites/anam."""
    modules = [importlib.import_module(f"suites.anam.{path.stem}") for path in (ROOT / "suites/anam").glob("test_*.py")]
    return [cls for module in modules for cls in vars(module).values() if isinstance(cls, type) and hasattr(cls, "traits")]


def marks(cls):
    """Yield the marks of a class's cases, and of their parameters."""
    for name in dir(cls):
        for mark in getattr(getattr(cls, name), "pytestmark", ()) if name.startswith("test_") else ():
            yield mark
            rows = mark.args[1] if mark.name == "parametrize" else ()
            yield from (of_row for row in rows for of_row in getattr(row, "marks", ()))


OPTIONS = {
    "avatar_model": "avatar-model",
    "director_notes": "director-notes",
    "video_width": "video-size",
    "video_height": "video-size",
    "show_ai_avatar_disclosure": "disclosure",
    "avatar_participant_identity": "avatar-identity",
    "avatar_participant_name": "avatar-name",
}
"""Not max_retry and its like: an implementation that takes none is given none, and has other cases left out by hand."""


def test_cases_need_what_they_ask_for():
    """Else a right plugin that lacks it is failed."""
    files = [*(ROOT / "suites" / "anam").glob("test_*.py"), *(ROOT / "mockvendors" / "conformance").glob("*.py")]
    trees = [ast.parse(path.read_text()) for path in files]
    cases = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef) and "drive" in names(node.args)
    ]
    asking = [(case.name, need) for case in cases for option, need in OPTIONS.items() if option in names(case)]
    assert asking
    needs = {
        case.name: {text for mark in case.decorator_list if "needs(" in ast.unparse(mark) for text in names(mark)}
        for case in cases
    }
    assert [(name, need) for name, need in asking if name.startswith("test_") and need not in needs[name]] == []


def test_options_in_the_traits_need_what_takes_them():
    """Cases that are made of a table need what stands there."""
    assert {name: option.needs for name, option in ANAM.fields.items() if option.needs}.items() <= OPTIONS.items()


def names(tree):
    """Return the names of arguments, and the texts, in a piece of code."""
    nodes = list(ast.walk(tree))
    return {n.arg for n in nodes if isinstance(n, ast.keyword | ast.arg)} | {
        n.value for n in nodes if isinstance(n, ast.Constant)
    }


# whole runs

CLAIMS = """
    import reference
    from reference import *

    CAPABILITIES = reference.CAPABILITIES

    class AvatarSession(reference.AvatarSession):
        def __init__(self, *, persona_config, api_url=None, api_key=None, conn_options=reference.DEFAULT_API_CONNECT_OPTIONS):
            super().__init__(persona_config=persona_config, api_url=api_url, api_key=api_key, conn_options=conn_options)
"""


def test_argument_that_is_claimed_and_not_taken_is_a_failure(tmp_path):
    code, output = run("suites/anam/test_token.py", "-k", "is_the_users", implementation(tmp_path, CLAIMS))
    assert code == 1, output
    assert output.count("actual:    \"TypeError: AvatarSession.__init__() got an unexpected keyword argument 'avatar_part") == 2
    assert verdict(output)[1:] == ["2 fail", "profile: anam/2026.1", "conformant: no: 2 failed"]


def test_names_that_are_claimed_and_not_there_are_failures(tmp_path):
    """Neither the description's fault, nor `not claimed`."""
    text = 'import reference_least\nfrom reference_least import *\nCAPABILITIES = {"call.one", "video-size", "director-notes"}'
    chosen = "test_half_pair_never_leaves or test_preset_is_sent"
    code, output = run("suites/anam", "-k", chosen, implementation(tmp_path, text))
    assert code == 1, output
    assert "has no attribute 'SessionOptions'" in output
    assert "has no attribute 'DirectorNotes'" in output
    assert re.fullmatch(r"\d+ fail", verdict(output)[1]), output


def test_pre_release_is_judged(tmp_path):
    text = 'import reference\nfrom reference import *\ndel CAPABILITIES\n__version__ = "1.9.0rc1"'
    code, output = run("suites/anam/test_token.py", implementation(tmp_path, text))
    assert code == 0, output
    assert "1.9.0rc1" in verdict(output)[0]


def test_version_that_tells_nothing_is_told_once(tmp_path):
    text = 'import reference\nfrom reference import *\ndel CAPABILITIES\n__version__ = "unknown"'
    code, output = run("suites/anam", implementation(tmp_path, text))
    assert code == 4, output
    assert output.count("__version__ is 'unknown', which begins with no number") == 1
    assert "Traceback" not in output
