"""`hedgecore kinds`, `describe` and `plugins`: all that is installed, and examples that build."""

import json
import tomllib
from importlib.metadata import version

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

import hedgecore as hc
from books import written
from hedgecore.cli.commands import kinds as listing
from hedgecore.report.kind_description import paragraphs
from hedgecore.report.kinds import SORTS
from hedgecore.tables.toml import toml

KINDS = list(hc.default_registry())


def test_kinds_lists_all_that_is_installed(document):
    given = document("kinds")["kinds"]
    assert [each["kind"] for each in given] == KINDS
    assert {each["sort"] for each in given} <= set(SORTS.values())
    assert "pool" in {each["sort"] for each in given}
    assert all(each["about"] and each["version"] for each in given)
    perp = next(each for each in given if each["kind"] == "perp")
    assert (perp["sort"], perp["distribution"]) == ("instrument", "hedgecore-derivatives")


def test_plugins_lists_versions_and_kinds(document):
    given = document("plugins")
    assert given["failures"] == []
    plugin = next(each for each in given["plugins"] if each["name"] == "uniswap-v3")
    ours = ["concentrated-positions", "concentrated-ranges", "uniswap-v3", "uniswap-v3-position"]
    assert plugin["kinds"] == ours
    assert plugin["version"] == version("hedgecore-uniswap-v3")


def test_a_broken_plugin_is_named_and_disturbs_nothing(  # noqa: PLR0917
    call, output, document, monkeypatch, entry, plugin, product
):
    broken = entry("broken", ImportError("no module [bold]named[/bold] x"))
    registry = hc.load_plugins([entry("good", plugin(pools=[product])), broken])
    monkeypatch.setattr(listing, "default_registry", lambda: registry)
    done = call("kinds")
    assert done.exit_code == 0
    assert "product" in done.stdout
    assert "broken" in done.stderr
    assert "hedgecore plugins" in done.stderr
    [failure] = document("plugins")["failures"]
    assert failure["name"] == "broken"
    assert failure["cause"] == "ImportError: no module [bold]named[/bold] x"
    assert "[bold]named[/bold]" in output("plugins")


HEADS = {
    "instrument": "instrument",
    "pool": "position",
    "solver": "hedge",
    "reader": "source",
    "venue": "venues",
}
IN_SIMULATION = {
    "path": lambda tables: tables["price_model"],
    "policy": lambda tables: tables["policy"],
    "cost": lambda tables: tables["costs"][0],
    "income": lambda tables: tables["income"]["my pool"],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sample(20)
def test_the_example_that_describe_prints_builds(output, document, kind, tmp_path):
    given = document("describe", kind)
    [(head, tables)] = tomllib.loads(given["example"]).items()
    assert head == HEADS.get(given["sort"], "simulation")
    assert given["example"] in output("describe", kind)
    ways = {
        "hedge": lambda: tables,
        "source": lambda: tables["read"]["mine"],
        "venues": lambda: tables["mine"],
        "simulation": lambda: IN_SIMULATION[given["sort"]](tables),
    }
    table = ways.get(head, lambda: tables[0])()
    assert table["solver" if head == "hedge" else "kind"] == kind
    assets = " ".join(json.dumps(table).split('"')).split()
    words = (a for a in assets if a.replace("-", "").isalpha() and not a.islower())
    numbered = enumerate(dict.fromkeys(words))
    prices = "".join(f"{json.dumps(asset)} = {1.5 + 0.1 * at}\n" for at, asset in numbered)
    book = written(tmp_path, f'numeraire = "$"\n[prices]\n{prices}{given["example"]}\n')
    loaded = hc.Book.load(book, accept=True)  # prices of no market
    assert len(loaded.positions) + len(loaded.instruments) == (head not in ways)
    assert loaded.source == (tables if head == "source" else {})
    assert loaded.simulation == (tables if head == "simulation" else {})
    assert head != "hedge" or loaded.solver.kind == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sample(20)
def test_describe_tells_each_field_with_unit_default_and_meaning(output, document, kind):
    fields = document("describe", kind)["fields"]
    assert [each["name"] for each in fields] == list(hc.schema(hc.default_registry()[kind]))
    for each in fields:
        assert each["unit"], each["name"]
        assert each["about"], each["name"]
    text = output("describe", kind)
    assert all(each["name"] in text for each in fields)


WAYS = [k for k in KINDS if issubclass(hc.default_registry()[k], hc.SupportsAlternatives)]


@pytest.mark.parametrize("kind", WAYS)
def test_describe_shows_each_way_to_state_a_kind_and_each_builds_in_a_book(
    output, document, kind, tmp_path
):
    given, text = document("describe", kind), output("describe", kind)
    shown = "".join(given["examples"].values())
    for other in given["alternatives"]:
        assert other["about"], other["name"]
        assert other["unit"], other["name"]
        assert f"{other['name']} = " in shown, f"no example has {other['name']}"
    dollars = {"WETH": 3e3, "WBTC": 6e4, "USDC": 1.0, "USDT": 1.0, "DAI": 1.0007, "BAL": 0.27}
    prices = "\n".join(f"{name} = {price}" for name, price in dollars.items())
    for example in given["examples"].values():
        assert example in text
        book = written(tmp_path, f'numeraire = "$"\n[prices]\n{prices}\n{example}\n')
        [position] = hc.Book.load(book).positions
        assert position.model.kind == kind


def test_docs_are_folded_anew_but_formulas_are_kept():
    doc = "One\ntwo.\n\n    x = 1\n    y = 2\n\nthree\nfour"
    assert paragraphs(doc) == ["One two.", "", "    x = 1", "    y = 2", "", "three four"]


def test_tables_of_every_json_type_are_toml():
    table = {"a": 'q"\\\n', "b c": [1, 2.5, True], "d": {"e": ["f"]}, "long": ["x" * 30] * 4}
    assert tomllib.loads(toml("[[h]]", {**table, "none": None})) == {"h": [table]}


def test_kinds_of_one_sort_alone(document, call):
    found = document("kinds", "--sort", "policy")["kinds"]
    assert {each["sort"] for each in found} == {"policy"}
    whole = [each for each in document("kinds")["kinds"] if each["sort"] == "policy"]
    assert found == whole
    done = call("kinds", "--sort", "polic")
    assert done.exit_code == 2
    assert "did you mean 'policy'" in done.stderr
