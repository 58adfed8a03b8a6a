"""Discovery, for real: distributions on the path of a fresh process, good, broken and thieving."""

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from textwrap import dedent

import pytest

from hostile import BROKEN, GOOD, THIEF

SHIPPED = ("perp", "spot", "uniswap-v2", "uniswap-v3", "uniswap-v3-position")
OTHERS = {each.name for each in entry_points(group="hedgecore")}
OTHERS -= {"derivatives", "uniswap-v2", "uniswap-v3"}
"""Plugins that a start in most of these tests leaves out: three are there to be disturbed."""


ASK = """
import json
import hedgecore as hc
registry = hc.default_registry()
print(json.dumps({
    "kinds": {kind: [registry[kind].__module__, registry.plugin(kind).name] for kind in registry},
    "failures": {name: str(error) for name, error in registry.failures.items()},
    "causes": {name: type(e.__cause__).__name__ for name, e in registry.failures.items()},
}))
"""


@pytest.fixture
def install(tmp_path):
    """Install a distribution: one module, and metadata that names it as a plugin."""

    def installed(entry, code, *, distribution=None, entries=None, metadata=True):
        name = distribution or f"dist-{entry}"
        module = f"plugin_{entry.replace('-', '_')}"
        (tmp_path / f"{module}.py").write_text(dedent(code))
        info = tmp_path / f"{name.replace('-', '_')}-0.1.dist-info"
        info.mkdir()
        if metadata:
            text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n"
            (info / "METADATA").write_text(text)
        entries = f"[hedgecore]\n{entry} = {module}\n" if entries is None else entries
        (info / "entry_points.txt").write_text(entries)

    return installed


@pytest.fixture
def ask(tmp_path):
    """Return what a fresh process with those distributions says of its registry."""

    def asked(script=ASK, block=(), **environment):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": str(tmp_path), **blocking(block), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return asked


def blocking(names):
    return {"HEDGECORE_BLOCK": ",".join([*OTHERS, *names])}


def kinds_here(environment):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ASK], env={**os.environ, **environment}, capture_output=True,
        text=True, check=True, timeout=600,
    )  # fmt: skip
    kinds = json.loads(done.stdout)["kinds"]
    if not {*SHIPPED} & {*kinds}:
        pytest.skip("no plugin is installed here")
    assert set(SHIPPED) <= set(kinds)
    return kinds


@pytest.fixture(scope="module")
def shipped():
    """The kinds that are here anyway: all tests are skipped where the core stands alone."""
    return kinds_here(blocking(()))


def undisturbed(answer, shipped):
    """Whether all that is shipped is as it was, class by class and owner by owner."""
    return {kind: answer["kinds"].get(kind) for kind in shipped} == shipped


def test_a_good_plugin_is_found_beside_all_that_is_installed(install, ask):
    shipped = kinds_here({})
    install("crescent", GOOD.replace("KIND", "half-moon"))
    answer = ask(HEDGECORE_BLOCK="")
    assert answer["kinds"]["half-moon"] == ["plugin_crescent", "crescent"]
    assert answer["failures"] == {}
    assert undisturbed(answer, shipped)


@pytest.mark.parametrize("name", ["aaa-bad", "zzz-bad"])
@pytest.mark.sample(2)
def test_broken_plugins_are_named_with_their_cause_and_disturb_no_other(
    install, ask, shipped, name
):
    for index, (code, _, _) in enumerate(BROKEN.values()):
        install(f"{name}-{index}", code)
    install("crescent", GOOD.replace("KIND", "half-moon"))
    answer = ask()
    assert undisturbed(answer, shipped)
    assert set(answer["kinds"]) == {*shipped, "half-moon"}
    for index, (what, (_, cause, said)) in enumerate(BROKEN.items()):
        failure = answer["failures"][f"{name}-{index}"]
        assert f"{name}-{index}" in failure, what
        assert said in failure, what
        assert answer["causes"][f"{name}-{index}"] == cause, what
    assert len(answer["failures"]) == len(BROKEN)


@pytest.mark.parametrize("name", ["aaa-thief", "zzz-thief"])
@pytest.mark.parametrize(
    ("pools", "instruments", "kind", "owner"),
    [
        ("[Mine, Thief]", "[]", "uniswap-v2", "hedgecore-uniswap-v2"),
        ("[Mine]", "[Perp]", "perp", "hedgecore-derivatives"),
    ],
)
@pytest.mark.sample(2)
def test_a_thief_gets_nothing_whatever_its_name(  # noqa: PLR0917
    install, ask, shipped, name, pools, instruments, kind, owner
):
    install(name, THIEF.replace("POOLS", pools).replace("INSTRUMENTS", instruments))
    answer = ask()
    assert undisturbed(answer, shipped)
    assert set(answer["kinds"]) == set(shipped)
    for part in (name, f"dist-{name}", repr(kind), owner):
        assert part in answer["failures"][name]


def test_of_two_strangers_the_first_by_name_keeps_its_kind(install, ask, shipped):
    for name in ("bbb", "aaa"):
        install(name, GOOD.replace("KIND", "the-same"))
    answer = ask()
    assert answer["kinds"]["the-same"] == ["plugin_aaa", "aaa"]
    for part in ("'bbb'", "dist-bbb", "'aaa'", "dist-aaa", "'the-same'"):
        assert part in answer["failures"]["bbb"]
    assert undisturbed(answer, shipped)


def test_a_namesake_of_a_shipped_plugin_does_not_replace_it(install, ask, shipped):
    install("uniswap-v2", GOOD.replace("KIND", "uniswap-v2"), distribution="aaa-imitation")
    answer = ask()
    assert undisturbed(answer, shipped)
    assert len(answer["failures"]) == 1
    assert "aaa-imitation" in next(iter(answer["failures"].values()))


@pytest.mark.campaign
def test_plugins_can_be_chosen_and_blocked(install, ask, shipped):
    install("crescent", GOOD.replace("KIND", "half-moon"))
    install("bad", "raise RuntimeError")
    chosen = ask(HEDGECORE_PLUGINS="crescent, uniswap-v2")
    own = {
        kind for kind, (_, plugin) in chosen["kinds"].items() if plugin in {"simulation", "live"}
    }
    assert {"gbm", "paper"} <= own
    assert set(chosen["kinds"]) == {"half-moon", "uniswap-v2"} | own
    assert chosen["failures"] == {}
    blocked = ask(block=("crescent", "bad"))
    assert set(blocked["kinds"]) == set(shipped)
    assert blocked["failures"] == {}
    both = ask(HEDGECORE_PLUGINS="crescent,uniswap-v2", HEDGECORE_BLOCK="crescent")
    assert set(both["kinds"]) == {"uniswap-v2"} | own


def test_a_blocked_plugin_is_not_even_imported(install, ask, shipped, tmp_path):
    install("bad", f"open({str(tmp_path / 'trace')!r}, 'w').close()")
    assert undisturbed(ask(block=("bad",)), shipped)
    assert not (tmp_path / "trace").exists()
    ask()
    assert (tmp_path / "trace").exists()


def test_importing_hedgecore_imports_no_plugin(install, ask, tmp_path):
    install("crescent", f"open({str(tmp_path / 'trace')!r}, 'w').close()")
    ask("import hedgecore, json; print(json.dumps(1))")
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize(
    "entries",
    [
        "[hedgecore]\nbad = no_such_module_at_all:thing\n",
        "[hedgecore]\nbad = this is no entry point !!\n",
        "[hedgecore]\nbad =\n",
        "[hedgecore]\njust some words\n",
        "[hedgecore\nbad",
        "\0",
    ],
    ids=["no module", "no syntax", "empty", "words", "no section", "nul"],
)
@pytest.mark.sample(2)
def test_a_distribution_with_broken_entry_points_disturbs_no_other(install, ask, shipped, entries):
    install("bad", "", entries=entries)
    answer = ask()
    assert undisturbed(answer, shipped)
    if "[hedgecore]" in entries and "\nbad =\n" not in entries:
        assert any("bad" in failure for failure in answer["failures"].values())


def test_a_distribution_without_metadata_disturbs_no_other(install, ask, shipped):
    install("bare", GOOD.replace("KIND", "bare"), metadata=False)
    assert undisturbed(ask(), shipped)


def test_a_plugin_that_reads_the_default_registry_at_import_is_no_deadlock(install, ask, shipped):
    install("eager", "import hedgecore\nhedgecore.build({'kind': 'uniswap-v2'})")
    assert undisturbed(ask(), shipped)
