"""`agents:` as it is written: what each text names, and what each mistake is told."""

import sys

import pytest

from mockvendors.errors import UsageFault
from mockvendors.implementations.agents import Plugin
from mockvendors.implementations.checkouts import Checkout
from mockvendors.implementations.connect import connect
from mockvendors.implementations.releases import Release


@pytest.mark.parametrize(
    ("text", "package", "version", "module"),
    [
        ("agents:livekit.plugins.anam==1.6.0", "livekit-plugins-anam", "1.6.0", "livekit.plugins.anam"),
        ("agents:acme_avatar == 2.0rc1", "acme-avatar", "2.0rc1", "acme_avatar"),
        ("agents:acme-avatar==2.0#acme.face", "acme-avatar", "2.0", "acme.face"),
    ],
)
def test_version_names_package_and_module(text, package, version, module):
    assert connect(text, "python3") == Release(text, package, version, module, "python3")


def test_module_without_a_version_is_that_of_the_environment():
    assert connect("agents:livekit.plugins.anam") == Plugin("agents:livekit.plugins.anam", "livekit.plugins.anam", None)


def project(folder, *packages):
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text('[project]\nname = "tiny"\nversion = "0.1"\n')
    for package in packages:
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").touch()
    return folder


@pytest.mark.parametrize(
    ("packages", "module"),
    [
        (["tiny", "tiny/inner", "tests", "docs"], "tiny"),
        (["src/tiny_plugin"], "tiny_plugin"),
        (["livekit/plugins/tiny"], "livekit.plugins.tiny"),
        (["src/livekit/plugins/tiny", "helpers"], "livekit.plugins.tiny"),
    ],
)
def test_checkout_names_the_one_plugin_in_it(tmp_path, packages, module):
    found = connect(f"agents:{project(tmp_path, *packages)}")
    assert isinstance(found, Checkout)
    assert (found.module, found.folder) == (module, tmp_path)
    assert found.known_as == module.replace(".", "-").replace("_", "-")


def test_checkout_where_the_run_is(tmp_path, monkeypatch):
    monkeypatch.chdir(project(tmp_path, "tiny"))
    found = connect("agents:.")
    assert (found.folder, found.module) == (tmp_path, "tiny")


def test_one_of_several_packages_is_named(tmp_path):
    assert connect(f"agents:{project(tmp_path, 'one', 'two')}#two.inner").module == "two.inner"


@pytest.mark.parametrize(
    ("packages", "told"),
    [
        ([], "{0} holds no package (a folder with __init__.py), at its root or below src. Name its module: agents:{0}#MODULE"),
        (["one", "src/two"], "{0} holds more than one package: one, two. Name its module: agents:{0}#one"),
        (["livekit/plugins/b", "livekit/plugins/a", "c"], "package: livekit.plugins.a, livekit.plugins.b. Name its module: "),
    ],
    ids=["none", "two", "two-plugins"],
)
def test_checkout_without_one_plugin_is_told_how_to_name_it(tmp_path, packages, told):
    with pytest.raises(UsageFault) as refused:
        connect(f"agents:{project(tmp_path, *packages)}")
    assert told.format(tmp_path) in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "agents:livekit.plugins.anam==garbage!",
            "'garbage!' is no version of livekit.plugins.anam. Write one that is published",
        ),
        ("agents:livekit.plugins.anam==", "'' is no version of livekit.plugins.anam"),
        ("agents:livekit.plugins.anam==1.6.*", "'1.6.*' is no version"),
        ("agents:livekit.plugins.anam==1.8.0; touch x", "is no version"),
        ("agents:==1.0", "'' is no module's name"),
        (
            "agents:acme-avatar==1.0",
            "it is imported; its package may stand before: agents:acme-avatar==1.0#MODULE",
        ),
        ("agents:acme==1.0#a b", "'a b' is no module's name"),
        ("agents:livekit.plugins.anam>=1.6", "'livekit.plugins.anam>=1.6' is no module's name. Write one of agents:MODULE, "),
        ("agents:no/such/folder", "there is no folder no/such/folder. Give the folder of the plugin's pyproject.toml"),
        ("agents:../no.py#x", "there is no folder ../no.py. "),
        ("agents:livekit.plugins.anam@1.6.0", "is no module's name"),
    ],
)
def test_mistake_is_told_with_its_remedy(text, told):
    with pytest.raises(UsageFault) as refused:
        connect(text)
    assert told in str(refused.value)


@pytest.mark.parametrize(("content", "told"), [("[project\n", "at line 1"), ("\xff", "codec can't decode")], ids=["cut", "bytes"])
def test_project_file_that_cannot_be_read_is_named(tmp_path, content, told):
    (tmp_path / "pyproject.toml").write_bytes(content.encode("latin-1"))
    with pytest.raises(UsageFault) as refused:
        connect(f"agents:{tmp_path}")
    assert f"{tmp_path}/pyproject.toml cannot be read: " in str(refused.value)
    assert told in str(refused.value)


def test_module_of_a_checkout_is_a_name(tmp_path):
    with pytest.raises(UsageFault, match=r"'a-b' is no module's name\. Write it as it is imported: agents:.*#livekit"):
        connect(f"agents:{project(tmp_path, 'tiny')}#a-b")


def test_file_is_no_checkout(tmp_path):
    plugin = tmp_path / "plugin.py"
    plugin.touch()
    assert connect(f"agents:{plugin}", sys.executable) == Plugin(f"agents:{plugin}", str(plugin), sys.executable)
