"""`hedgecore check`: what holds, and of what does not the law, the price and both numbers."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner

import hedgecore as hc
from hedgecore import testing
from hedgecore.cli.app import program
from hedgecore.cli.plugin_tools.probe import LAWFUL

BOOK = Path(__file__).resolve().parents[2] / "examples" / "book.toml"
PROGRAM = program()
KINDS = [kind for hook in LAWFUL for kind in hc.default_registry().kinds(hook)]
UNTOLD = {"strip": 6} | dict.fromkeys(hc.default_registry().kinds("hedgecore_readers"), 6)
"""Kinds that take none of the kit's problems, or need a source, and how many laws that leaves."""

CURVES = '''
import numpy as np
from attrs import frozen
from hedgecore import PairPool, fields


@frozen(kw_only=True)
class Right(PairPool):
    """x·y = d²."""

    kind = "right"
    example = {"assets": ["A", "B"], "depth": 10.0}
    assets: tuple[str, str] = fields.names("base and quote", most=2)
    depth: float = fields.number("the square root of x·y", "units")

    def _holdings(self, price):
        return self.depth / np.sqrt(price), self.depth * np.sqrt(price)


@frozen(kw_only=True)
class Off(Right):
    """A quote that is off by one in ten thousand."""

    kind = "off"

    def _holdings(self, price):
        return self.depth / np.sqrt(price), 1.0001 * self.depth * np.sqrt(price)


@frozen(kw_only=True)
class Raises(Right):
    """A formula that fails."""

    kind = "raises"

    def _holdings(self, price):
        raise RuntimeError("no such curve")


@frozen(kw_only=True)
class Nothing(Right):
    """A curve of NaN."""

    kind = "nothing"

    def _holdings(self, price):
        return np.nan * price, price


@frozen(kw_only=True)
class Narrow(Right):
    """Answers of the wrong shape."""

    kind = "narrow"

    def _holdings(self, price):
        return np.ones(3), price


@frozen(kw_only=True)
class Silent(Right):
    """No example."""

    kind = "silent"
    example = {}


@frozen(kw_only=True)
class Unbuildable(Right):
    """An example that does not build."""

    kind = "unbuildable"
    example = {"assets": ["A", "B"], "depth": -1.0}


deep = Right(assets=("A", "B"), depth=1e6)
number = 3
'''


def call(*words):
    return CliRunner().invoke(PROGRAM, ["check", *map(str, words)])


@pytest.fixture(autouse=True)
def path_of_its_own(monkeypatch):
    monkeypatch.setattr(sys, "path", sys.path[:])


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    path = tmp_path_factory.mktemp("curves") / "some_curves.py"
    path.write_text(CURVES, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sample(16)
def test_every_installed_kind_keeps_its_laws(kind):
    done = call(kind, "--json")
    assert done.exit_code == 0, done.output
    [checked] = json.loads(done.stdout)["checked"]
    assert checked["kind"] == kind
    cls = hc.default_registry()[kind]
    laws = [check.__name__ for check in testing.checks_of(cls(**cls.example))]
    assert [each["law"] for each in checked["laws"]] == laws
    untold = [each for each in checked["laws"] if not each["holds"]]
    assert len(untold) == UNTOLD.get(kind, 0)
    assert all("as `at`" in each["reason"] for each in untold)


def test_what_holds_is_a_table_of_laws():
    text = call("uniswap-v2").stdout
    laws = testing.pool_checks(installed=True)
    assert f"uniswap-v2: {len(laws)} of {len(laws)} laws hold" in text
    assert all(check.__name__ in text for check in laws)


@pytest.mark.parametrize("name", ["Right", "deep"])
def test_a_class_or_a_model_of_ones_own_is_checked_without_installing(curves, name):
    done = call(f"{curves}:{name}")
    assert done.exit_code == 0, done.output
    assert "laws hold" in done.stdout


def test_a_module_is_found_in_the_current_folder(curves, monkeypatch):
    monkeypatch.chdir(curves.parent)
    assert call("some_curves:Right").exit_code == 0


def test_a_broken_law_is_told_with_price_got_and_expected(curves):
    done = call(f"{curves}:Off", "--json")
    assert done.exit_code == 1
    [checked] = json.loads(done.stdout, parse_constant=pytest.fail)["checked"]
    broken = {each["law"]: each for each in checked["laws"] if not each["holds"]}
    law = broken["delta_is_d_value"]
    assert law["got"] == pytest.approx(10 / law["price"] ** 0.5, rel=1e-12)
    assert law["expected"] == pytest.approx(law["got"] * 1.00005, rel=1e-7)
    assert "delta of A" in law["reason"]


def test_the_table_of_broken_laws_has_the_same_numbers(curves):
    [checked] = json.loads(call(f"{curves}:Off", "--json").stdout)["checked"]
    law = next(each for each in checked["laws"] if each["law"] == "delta_is_d_value")
    text = call(f"{curves}:Off").stdout
    assert "breaks 1 of" in text
    for number in (law["price"], law["got"], law["expected"]):
        assert f"{number:.10g}" in text
    assert "Delta is the derivative of value." in " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "said"),
    [("Raises", "no such curve"), ("Nothing", "NaN"), ("Narrow", "shape")],
)
def test_a_hostile_model_breaks_laws_and_not_the_command(curves, name, said):
    done = call(f"{curves}:{name}")
    assert done.exit_code == 1
    assert "BROKEN" in done.stdout
    assert said in done.stdout


def test_what_cannot_be_told_for_want_of_an_answer_is_not_counted_as_broken(curves):
    text = call(f"{curves}:Raises").stdout
    table = dict(line.split() for line in text.splitlines() if len(line.split()) == 2)
    assert table["answers"] == "BROKEN"
    assert table["euler"] == table["shapes"] == "unknown"
    assert "breaks 2 of" in " ".join(text.split())


def test_a_book_is_checked_whole_each_model_once(tmp_path):
    tables = tomllib.loads(BOOK.read_text(encoding="utf-8"))
    tables["position"].append({**tables["position"][0], "name": "the first again"})
    path = tmp_path / "book.json"
    path.write_text(json.dumps(tables), encoding="utf-8")
    done = call(path, "--json")
    assert done.exit_code == 0, done.output
    book = hc.Book.load(BOOK)
    held = [each.name for each in book.positions if not isinstance(each.model, hc.Balance)]
    names = [each["name"] for each in json.loads(done.stdout)["checked"]]
    assert names == [*held, *(each.name for each in book.instruments)]
    table = call(path).stdout
    assert all(name in table for name in names)


def test_a_book_of_balances_alone_says_so(tmp_path):
    book = tmp_path / "book.toml"
    text = 'numeraire = "USD"\n[prices]\nETH = 1.0\n[[holding]]\nasset = "ETH"\namount = 1.0\n'
    book.write_text(text, encoding="utf-8")
    done = call(book)
    assert (done.exit_code, "balances alone" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("uniswap-v5", "did you mean 'uniswap-v3'"),
        ("nowhere.toml", "cannot be read"),
        ("no_such_module:Curve", "cannot be imported"),
        ("{curves}:Rihgt", "did you mean 'Right'"),
        ("{curves}:Silent", "has no example"),
        ("{curves}:Unbuildable", "does not build"),
        ("{curves}:number", "is a int"),
        ("{curves}:fields", "is a module"),
        ("hedgecore.pools.model:AtState", "has no example"),
        ("json:JSONDecoder", "has no example"),
        ("", "provides ''"),
    ],
)
def test_what_cannot_be_checked_is_one_sentence_and_bad_input(curves, target, said):
    done = call(target.format(curves=curves))
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
