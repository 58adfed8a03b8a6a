"""Book: everything that the main job needs, in one file; hostile ones refused with the place."""

import json

import numpy as np
import pytest

import hedgecore as hc

TOML = """
numeraire = "USD"
[prices]
WETH = 3000.0
USDC = 1.0
[[position]]
name = "lp"
kind = "product"
assets = ["WETH", "USDC"]
depth = 100.0
amount = 2.0
[[holding]]
asset = "WETH"
amount = 1.25
[[instrument]]
name = "ETH-PERP"
kind = "contract"
underlying = "WETH"
fee = 0.0005
[hedge]
neutral = ["delta"]
"""
TABLES = {
    "prices": {"WETH": 3000.0, "USDC": 1.0},
    "position": [
        {"name": "lp", "kind": "product", "assets": ["WETH", "USDC"], "depth": 100.0, "amount": 2}
    ],
    "holding": [{"asset": "WETH", "amount": 1.25}],
    "instrument": [
        {"name": "ETH-PERP", "kind": "contract", "underlying": "WETH", "fee": 0.0005},
    ],
}


@pytest.fixture
def book(registry):
    return hc.Book.from_tables(TABLES, registry=registry)


def test_a_book_is_the_same_from_toml_json_and_tables(tmp_path, registry, book):
    (tmp_path / "book.toml").write_text(TOML)
    (tmp_path / "book.json").write_text(json.dumps(TABLES))
    for name in ("book.toml", "book.json"):
        other = hc.Book.load(tmp_path / name, registry=registry)
        assert other.market == book.market
        assert [each.model for each in other.positions] == [each.model for each in book.positions]
        assert other.instruments == book.instruments
        assert other.request == book.request
    assert hc.Book.load(str(tmp_path / "book.toml"), registry=registry).market == book.market


def test_the_main_job(book):
    hedge = book.hedge()
    delta = 2 * 100 / np.sqrt(3000) + 1.25
    assert hedge.quantities["ETH-PERP"] == pytest.approx(-delta, rel=1e-14)
    assert abs(hedge.after.over(["WETH", "USDC"]).delta[0]) <= 1e-15 * delta
    assert hedge.cost == pytest.approx(0.0005 * 3000 * delta, rel=1e-14)


def test_the_portfolio_is_all_positions_at_their_states(book):
    assert [part.name for part in book.portfolio.parts] == ["lp", "WETH balance"]
    worth = 2 * 200 * np.sqrt(3000) + 1.25 * 3000
    assert book.portfolio.worth(book.market) == pytest.approx(worth, rel=1e-14)


def test_warnings_stand_in_the_answer(registry):
    pool = {**TABLES["position"][0], "price": 2000.0, "fee": 0.003}
    book = hc.Book.from_tables({**TABLES, "position": [pool]}, registry=registry)
    assert len(book.warnings) == 1
    answer = book.hedge()
    assert answer.warnings == book.warnings
    assert str(answer).startswith(f"Warning: {book.warnings[0]}\n\nOrders")
    assert answer._repr_html_().startswith("<p><strong>Warning:</strong> ")


def test_a_book_says_what_to_make_neutral(registry):
    asked = {"neutral": ["delta", "gamma"], "assets": ["WETH"], "cross_gamma": True}
    book = hc.Book.from_tables({**TABLES, "hedge": asked}, registry=registry)
    assert book.request == hc.HedgeRequest(
        neutral=("delta", "gamma"), assets=("WETH",), cross_gamma=True
    )


def test_what_instruments_may_need_is_in_the_market(registry):
    more = {"time": 0.5, "vols": {"WETH": 0.8}, "rates": {"USD": 0.04}, "numeraire": "USD"}
    market = hc.Book.from_tables({**TABLES, **more}, registry=registry).market
    assert (market.time, dict(market.vols), dict(market.rates)) == (
        0.5,
        {"WETH": 0.8},
        {"USD": 0.04},
    )


def test_an_empty_book_is_a_book(registry):
    book = hc.Book.from_tables({"prices": {}}, registry=registry)
    assert book.portfolio.worth(book.market) == 0
    assert book.positions == book.instruments == ()
    with pytest.raises(hc.HedgeError, match="no instruments"):
        book.hedge()


def test_a_book_without_positions_needs_no_orders(registry):
    tables = {**TABLES, "position": [], "holding": []}
    hedge = hc.Book.from_tables(tables, registry=registry).hedge()
    assert hedge.quantities == {"ETH-PERP": 0.0}
    assert str(hedge)


WRONG = {
    "no prices": ({"prices": None}, "prices: a book has a table"),
    "prices as a list": ({"prices": [1.0]}, "prices"),
    "a price of 0": ({"prices": {"WETH": 0, "USDC": 1.0}}, "prices: .*'WETH'"),
    "a negative price": ({"prices": {"WETH": -1, "USDC": 1.0}}, "prices: .*'WETH'"),
    "a price as text": ({"prices": {"WETH": "3000"}}, r"prices\.WETH: must be a number"),
    "a price as a list": ({"prices": {"WETH": [1.0, 2.0]}}, r"prices\.WETH"),
    "a price as a truth": ({"prices": {"WETH": True}}, r"prices\.WETH"),
    "a price nan": ({"prices": {"WETH": float("nan")}}, r"prices\.WETH"),
    "a huge price": ({"prices": {"WETH": 10**400}}, r"prices\.WETH"),
    "numeraire of another price": ({"numeraire": "WETH"}, "WETH is the numeraire"),
    "numeraire no name": ({"numeraire": 3}, "numeraire: must be a name"),
    "time as text": ({"time": "now"}, "time: must be a number"),
    "vols no table": ({"vols": 3}, "vols: must be a table"),
    "vols as text": ({"vols": {"WETH": "80%"}}, r"vols\.WETH: must be a number"),
    "rates no table": ({"rates": [0.1]}, "rates: must be a table"),
    "unknown key": ({"positions": []}, "positions: .*did you mean 'position'"),
    "hedge no table": ({"hedge": ["delta"]}, "hedge: must be a table"),
    "hedge unknown key": ({"hedge": {"netural": ["delta"]}}, "did you mean 'neutral'"),
    "hedge unknown greek": ({"hedge": {"neutral": ["dleta"]}}, "hedge: .*did you mean 'delta'"),
    "hedge no greek": ({"hedge": {"neutral": []}}, "hedge: "),
    "hedge number": ({"hedge": {"neutral": 3}}, "hedge: "),
    "hedge nested": ({"hedge": {"neutral": [["delta"]]}}, "hedge: "),
    "hedge assets number": ({"hedge": {"assets": 3}}, "hedge: "),
    "hedge assets nested": ({"hedge": {"assets": [["WETH"]]}}, "hedge: "),
    "hedge assets twice": ({"hedge": {"assets": ["WETH", "WETH"]}}, "hedge: .*twice"),
    "hedge cross text": ({"hedge": {"cross_gamma": "yes"}}, "hedge"),
    "two positions of one name": ({"position": 2 * TABLES["position"]}, "position.name: .*'lp'"),
    "two instruments of one name": (
        {"instrument": 2 * TABLES["instrument"]},
        "instrument.name: .*'ETH-PERP'",
    ),
    "position named as a balance": (
        {"position": [{**TABLES["position"][0], "name": "WETH balance"}]},
        "'WETH balance'",
    ),
    "a balance without a price": ({"holding": [{"asset": "DOGE", "amount": 1.0}]}, "DOGE"),
    "an instrument without a price": (
        {"instrument": [{"name": "x", "kind": "contract", "underlying": "DOGE"}]},
        "DOGE",
    ),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_book_is_refused_with_the_place(registry, change, message):
    with pytest.raises(hc.HedgecoreError, match=message):
        hc.Book.from_tables({**TABLES, **change}, registry=registry).hedge()


@pytest.mark.parametrize("tables", [None, 3, "x", []], ids=repr)
def test_what_is_no_table_is_no_book(registry, tables):
    with pytest.raises(hc.SpecError):
        hc.Book.from_tables(tables, registry=registry)


def test_a_bad_file_is_named(tmp_path, registry):
    (tmp_path / "book.toml").write_text(TOML.replace("3000.0", "nan"))
    with pytest.raises(hc.SpecError, match=r"book\.toml: .*prices\.WETH"):
        hc.Book.load(tmp_path / "book.toml", registry=registry)


@pytest.mark.campaign
def test_a_book_of_many_names_is_read_without_comparing_each_with_each(registry):
    many = [{"asset": "WETH", "amount": 1.0}] * 20_000
    book = hc.Book.from_tables({"prices": {"WETH": 1.0}, "holding": many}, registry=registry)
    assert len({each.name for each in book.positions}) == 20_000
