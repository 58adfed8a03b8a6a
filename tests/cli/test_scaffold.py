"""`hedgecore new`: what it writes installs, passes its tests, and hedges with what is shipped."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import which

import pytest
from attrs import frozen

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("copier")

from typer.testing import CliRunner

import hedgecore as hc
from hedgecore import testing
from hedgecore.cli.app import program
from hedgecore.cli.commands import new

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = program()
FORMS = [form.value for form in new.Form]
LONG = pytest.param("invariant", marks=pytest.mark.campaign)
RUN = [LONG if form == "invariant" else form for form in FORMS]
SHIPPED = ("derivatives", "uniswap-v3")
TOOLS = ("hatchling", "typer", "rich", "copier", "pytest", "packaging")
POOL = {"assets": ["WETH", "USDC"], "liquidity": 5000.0, "lower": 2500.0, "upper": 3500.0}
OWN = 100.0
"""WETH in a pool that stands at the market's price."""
BOOK = """
numeraire = "USD"

[prices]
WETH = 3000.0
USDC = 1.0

[[position]]
name = "a range"
kind = "uniswap-v3"
assets = ["WETH", "USDC"]
liquidity = 5000.0
lower = 2500.0
upper = 3500.0

[[position]]
name = "a curve of my own"
kind = "third-party"
assets = ["WETH", "USDC"]
reserves = [100.0, 4326749.0]
flatness = 0.25

[[instrument]]
name = "ETH-PERP"
kind = "perp"
underlying = "WETH"
fee = 0
funding_rate = 0
"""


def call(*words):
    return CliRunner().invoke(PROGRAM, ["new", *map(str, words)])


def files(folder):
    found = [path for path in folder.rglob("*") if path.is_file()]
    left = {".pytest_cache", "__pycache__", ".venv", "build", "dist"}
    kept = [path for path in found if not left & set(path.relative_to(folder).parts)]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}


def run(*command, **settings):
    """Run a command where no other environment is active; return its code and what it said."""
    kept = {
        key: each for key, each in os.environ.items() if key not in {"VIRTUAL_ENV", "PYTHONPATH"}
    }
    done = subprocess.run(  # noqa: S603
        [str(word) for word in command],
        env=kept | {"NO_COLOR": "1", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=900,
        **settings,
    )
    return done.returncode, done.stdout


def good(*command, **settings):
    code, said = run(*command, **settings)
    assert code == 0, said
    return said


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """A package of each form, by its form."""
    folder = tmp_path_factory.mktemp("packages")
    for form in FORMS:
        done = call(f"my-{form}", "--form", form, "--into", folder)
        assert done.exit_code == 0, done.output
    return {form: folder / f"hedgecore-my-{form}" for form in FORMS}


def test_the_example_plugin_is_what_the_template_gives(tmp_path):
    new.render("example-curve", new.Form.pair, tmp_path / "rendered")
    assert files(tmp_path / "rendered") == files(ROOT / "plugins" / "example-curve")


@pytest.mark.parametrize("form", RUN)
@pytest.mark.sample(1)
def test_a_package_of_each_form_passes_its_tests(form, packages):
    package = packages[form]
    said = good(sys.executable, "-m", "pytest", "-q", "-o", f"pythonpath={package}", package)
    assert f"{len(testing.pool_checks())} passed" in said


@pytest.mark.campaign
def test_what_is_written_is_typed_linted_and_formatted(packages):
    pytest.importorskip("mypy")
    pytest.importorskip("ruff")
    rules = ("--config", ROOT / "pyproject.toml")
    models = [next(package.glob("hedgecore_*")) for package in packages.values()]
    good(sys.executable, "-m", "ruff", "check", *rules, "--extend-ignore", "I001", *models)
    good(sys.executable, "-m", "ruff", "format", "--check", *rules, *packages.values())
    good(sys.executable, "-m", "mypy", "--strict", *models, cwd=packages["pair"].parent)


def test_the_commands_that_come_next_are_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = call("even-seller").stdout
    assert "  hedgecore plugins install ./hedgecore-even-seller\n" in said
    assert "  hedgecore check even-seller\n" in said
    assert "  python -m pytest ./hedgecore-even-seller\n" in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Even-Seller", "no name for a kind"),
        ("even_seller", "no name for a kind"),
        ("even--seller", "no name for a kind"),
        ("../escape", "no name for a kind"),
        ("x" * 51, "no name for a kind"),
        ("", "no name for a kind"),
        ("hedgecore-even-seller", "leave hedgecore out"),
        ("uniswap-v3", "is taken, by the plugin 'uniswap-v3'"),
        ("derivatives", "a plugin 'derivatives' is installed already"),
    ],
)
def test_a_name_that_will_not_do_is_refused_in_a_sentence(name, said, tmp_path):
    done = call(name, "--into", tmp_path)
    assert done.exit_code == 2
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "hedgecore-even-seller").mkdir()
    done = call("even-seller", "--into", tmp_path)
    assert (done.exit_code, "exists" in done.stderr) == (2, True)
    assert list((tmp_path / "hedgecore-even-seller").iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    done = call("even-seller", "--into", tmp_path / "file")
    assert (done.exit_code, "cannot be written" in done.stderr) == (2, True)


def test_without_copier_one_is_told_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "copier", None)
    done = call("even-seller", "--into", tmp_path)
    assert (done.exit_code, "pip install 'hedgecore[new]'" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("even-seller", "EvenSeller"), ("3pool", "Pool3pool"), ("pair-pool", "PoolPairPool")],
)
def test_the_class_has_a_name_that_python_takes(kind, name):
    assert new.class_name(kind) == name


def settings(folder):
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def needed():
    """What the core and the shipped plugins require of others."""
    ours = [ROOT, *(ROOT / "plugins" / name for name in SHIPPED)]
    found = [line for folder in ours for line in settings(folder)["project"]["dependencies"]]
    return sorted({line for line in found if not line.startswith("hedgecore")})


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A fresh virtual environment with the core's dependencies, and nothing of ours."""
    folder = tmp_path_factory.mktemp("environment")
    uv, python = which("uv"), folder / "venv" / "bin" / "python"
    pinned = folder / "constraints.txt"
    pins = settings(ROOT)["tool"]["uv"]["constraint-dependencies"]
    pinned.write_text("\n".join(pins), encoding="utf-8")
    good(*([uv, "venv"] if uv else [sys.executable, "-m", "venv"]), folder / "venv")
    tool = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    code, said = run(*tool, "--constraint", pinned, *TOOLS, *needed())
    if code and "scaffold" not in os.environ.get("HEDGECORE_REQUIRE", "").split(","):
        pytest.skip(f"packages cannot be had here: {said.strip().splitlines()[-1]}")
    assert code == 0, said
    return Environment(folder, python, uv)


@frozen
class Environment:
    """A virtual environment, into which wheels are built and installed with no network."""

    folder: Path
    python: Path
    uv: str | None

    def install(self, *sources):
        """Build wheels, and install them alone."""
        wheels = self.folder / f"wheels of {sources[-1].name}"
        for source in sources:
            good(*self._build(wheels), source)
        built = sorted(wheels.glob("*.whl"))
        assert len(built) == len(sources)
        uv = (self.uv, "pip", "install", "--offline", "--python", self.python)
        pip = (self.python, "-m", "pip", "install", "--no-index")
        good(*(uv if self.uv else pip), "--no-deps", *built)

    def _build(self, wheels):
        if self.uv:
            own = ("--no-build-isolation", "--python", self.python)
            return self.uv, "build", "--offline", "--wheel", *own, "--out-dir", wheels
        own = ("--no-build-isolation", "--no-deps")
        return self.python, "-m", "pip", "wheel", *own, "--wheel-dir", wheels


@pytest.mark.campaign
def test_a_third_partys_plugin_hedges_with_the_rest_in_an_environment_of_its_own(environment):
    folder, python = environment.folder, environment.python
    program = python.with_name("hedgecore")
    environment.install(*(ROOT / "plugins" / name for name in SHIPPED), ROOT)
    core = next(folder.glob("venv/**/site-packages/hedgecore"))
    before = files(core)
    package = folder / "hedgecore-third-party"
    good(program, "new", "third-party", "--into", folder)
    environment.install(package)
    kinds = json.loads(good(program, "kinds", "--json", cwd=folder))["kinds"]
    assert {"third-party", "uniswap-v3", "perp"} <= {each["kind"] for each in kinds}
    (folder / "book.toml").write_text(BOOK, encoding="utf-8")
    hedge = json.loads(good(program, "hedge", "book.toml", "--json", cwd=folder))
    pool = hc.build({"kind": "uniswap-v3", **POOL})
    assert hedge["before"]["WETH"]["delta"] == pytest.approx(pool.delta(3000.0) + OWN, rel=1e-12)
    assert hedge["quantities"]["ETH-PERP"] == pytest.approx(-pool.delta(3000.0) - OWN, rel=1e-12)
    assert abs(hedge["after"]["WETH"]["delta"]) < 1e-9
    assert "27 of 27" in good(program, "check", "third-party", cwd=folder)
    assert " passed" in good(python, "-m", "pytest", "-q", cwd=package)
    assert json.loads(good(program, "plugins", "doctor", "--json", cwd=folder))["findings"] == []
    assert files(core) == before
