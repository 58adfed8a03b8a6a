"""Every distribution, built: what it carries, and that it works where nothing else is installed."""

import json
import tarfile
from shutil import which
from zipfile import ZipFile

import pytest

from distributions import ROOT, build, good, pins, settings

TEMPLATE = "example-curve"
"""What the scaffold writes, and nobody publishes."""
NAMES = sorted(folder.name for folder in (ROOT / "plugins").iterdir() if folder.is_dir())
PUBLISHED = [name for name in NAMES if name != TEMPLATE]
OURS = {"README.md", "LICENSE", "PKG-INFO", "pyproject.toml", ".gitignore"}
"""What a source distribution has beside its package."""
LOADED = """
import json, sys
import hedgecore as hc

registry = hc.default_registry()
print(json.dumps([[str(each) for each in registry.failures.values()], list(registry.plugins)]))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the wheel and the source distribution of each."""
    return build(tmp_path_factory.mktemp("built"))


def module(name):
    return f"hedgecore_{name.replace('-', '_')}" if name else "hedgecore"


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_plugin_has_the_licence_and_the_home_of_the_core(name):
    core, plugin = settings("")["project"], settings(name)["project"]
    assert (ROOT / "plugins" / name / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    for key in ("license", "license-files", "requires-python", "version"):
        assert plugin[key] == core[key]
    assert plugin.get("urls") == core.get("urls")


def one(folder, name, ending):
    (found,) = folder.glob(f"{module(name)}-*{ending}")
    return found


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["", *PUBLISHED])
def test_a_source_distribution_carries_its_own_and_nothing_else(name, built):
    with tarfile.open(one(built, name, ".tar.gz")) as archive:
        files = [member.name.partition("/")[2] for member in archive.getmembers()]
    assert {file for file in files if not file.startswith(f"{module(name)}/")} == OURS


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["", *PUBLISHED])
def test_a_wheel_carries_its_package_its_types_and_its_licence(name, built):
    with ZipFile(one(built, name, ".whl")) as archive:
        files = archive.namelist()
        (metadata,) = (file for file in files if file.endswith("/METADATA"))
        said = archive.read(metadata).decode().partition("\n\n")[0].splitlines()
    tops = {file.partition("/")[0] for file in files}
    assert tops == {module(name), metadata.partition("/")[0]}
    assert f"{module(name)}/py.typed" in files
    assert metadata.replace("METADATA", "licenses/LICENSE") in files
    assert {"License-Expression: MIT", "License-File: LICENSE"} <= {*said}
    urls = settings("")["project"].get("urls", {})
    assert {f"Project-URL: {label}, {url}" for label, url in urls.items()} <= {*said}


@pytest.mark.campaign
@pytest.mark.parametrize("name", PUBLISHED)
def test_a_plugin_loads_where_nothing_else_is_installed(name, built, tmp_path):
    uv, python = which("uv"), tmp_path / "venv" / "bin" / "python"
    good(uv, "venv", "--quiet", tmp_path / "venv")
    install = (uv, "pip", "install", "--quiet", "--python", python, "--constraint", pins(tmp_path))
    good(*install, "--find-links", built, f"hedgecore-{name}")
    failures, plugins = json.loads(good(python, "-c", LOADED, cwd=tmp_path))
    assert failures == []
    assert {*settings(name)["project"]["entry-points"]["hedgecore"]} <= {*plugins}
