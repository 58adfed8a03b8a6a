"""Positions: the rows of a book, each wrong one named."""

import pytest

import hedgecore as hc
from hedgecore.books import positions as rows

POOL = {"name": "lp", "kind": "product", "assets": ["WETH", "USDC"], "depth": 10.0}


def held(tables, market, registry):
    return tuple(rows.positions(tables, market, registry))


def test_a_position_is_so_much_of_a_model(market, registry, product):
    (got,) = held({"position": [{**POOL, "amount": -2.5}]}, market, registry)
    assert (got.name, got.amount, got.at) == ("lp", -2.5, "market")
    assert got.model == product(assets=("WETH", "USDC"), depth=10.0)
    assert got.standing is None
    assert got.priced is got.model


def test_an_amount_is_one_unless_given(market, registry):
    assert held({"position": [POOL]}, market, registry)[0].amount == 1.0


def test_a_pool_that_knows_its_price_is_taken_at_its_state(market, registry):
    (got,) = held({"position": [{**POOL, "price": 2990.0}]}, market, registry)
    assert got.at == "state"
    assert got.standing.spot[0] == 2990.0
    held_now = got.priced.exposure(market).delta
    assert held_now[0] == pytest.approx(10 / 2990.0**0.5, rel=1e-14)


def test_either_state_may_be_asked_for(market, registry):
    (got,) = held({"position": [{**POOL, "price": 2990.0, "at": "market"}]}, market, registry)
    assert got.at == "market"
    assert got.priced is got.model
    with pytest.raises(hc.SpecError, match=r"position 'lp': at: .*not known"):
        held({"position": [{**POOL, "at": "state"}]}, market, registry)
    with pytest.raises(hc.SpecError, match=r"position 'lp': at: .*did you mean 'market'"):
        held({"position": [{**POOL, "at": "markt"}]}, market, registry)


def test_a_warning_says_both_exposures_and_the_distance(market, registry):
    table = {**POOL, "price": 2000.0, "fee": 0.003, "amount": 2.0}
    (got,) = held({"position": [table]}, market, registry)
    warning = got.warning(market)
    for part in ("lp", "outside", "2000", "30 bp", 'at = "state"', "0.4472", "0.3649"):
        assert part in warning
    (near,) = held({"position": [{**table, "price": 3003.0}]}, market, registry)
    assert near.warning(market) is None
    (unknown,) = held({"position": [{**table, "fee": None}]}, market, registry)
    assert "the pool's own being unknown" in unknown.warning(market)


def test_an_instrument_may_be_held(market, registry):
    table = {"name": "short", "kind": "contract", "underlying": "WETH", "amount": -3.0}
    (got,) = held({"position": [table]}, market, registry)
    assert got.model.name == "short"
    assert got.priced.exposure(market).delta.tolist() == [1.0]


def test_balances_are_named_by_their_asset_and_counted(market, registry):
    tables = {"holding": [{"asset": "WETH", "amount": 1}, {"asset": "WETH", "amount": -2.0}]}
    one, two = held(tables, market, registry)
    assert (one.name, one.amount) == ("WETH balance", 1.0)
    assert (two.name, two.amount) == ("WETH balance 2", -2.0)


WRONG = {
    "no name": ({"kind": "product"}, "position.name"),
    "empty name": ({**POOL, "name": ""}, "position.name"),
    "name of the wrong type": ({**POOL, "name": 3}, "position.name"),
    "no kind": ({"name": "lp"}, "position 'lp': kind"),
    "kind of the wrong type": ({**POOL, "kind": ["product"]}, "position 'lp': kind"),
    "unknown kind": ({**POOL, "kind": "prodct"}, "position 'lp': .*did you mean 'product'"),
    "unknown field": ({**POOL, "dept": 1.0}, "position 'lp': product.dept"),
    "missing field": ({"name": "lp", "kind": "product"}, "position 'lp': .*assets, depth"),
    "wrong field": ({**POOL, "depth": -1}, "position 'lp': product.depth"),
    "amount is text": ({**POOL, "amount": "2"}, "position 'lp': amount"),
    "amount is a truth": ({**POOL, "amount": True}, "position 'lp': amount"),
    "no price": ({**POOL, "assets": ["DOGE", "USDC"]}, "position 'lp': .*'DOGE'"),
    "at is a list": ({**POOL, "at": ["market"]}, "position 'lp': at"),
}


@pytest.mark.parametrize(("table", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_position_is_named(market, registry, table, message):
    with pytest.raises(hc.HedgecoreError, match=message):
        held({"position": [table]}, market, registry)


@pytest.mark.parametrize("given", [3, "x", {"name": "lp"}, [3], ["x"], None])
@pytest.mark.parametrize("what", ["position", "holding"])
def test_rows_are_lists_of_tables(market, registry, what, given):
    with pytest.raises(hc.SpecError, match=rf"{what}: must be a list of tables: write \[\[{what}"):
        held({what: given}, market, registry)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"asset": "WETH"}, "amount"),
        ({"amount": 1.0}, "asset"),
        ({"asset": 3, "amount": 1.0}, "asset"),
        ({"asset": "WETH", "amount": None}, "amount"),
        ({"asset": "WETH", "amuont": 1.0}, "did you mean 'amount'"),
    ],
)
def test_a_wrong_balance_is_said(market, registry, table, message):
    with pytest.raises(hc.SpecError, match=f"holding: .*{message}"):
        held({"holding": [table]}, market, registry)


PRICES = hc.Market(prices={"WETH": 2000.0, "USDC": 1.0, "A": 1.0, "B": 1.0})


def traded(table, registry):
    ((got, _),) = rows.instruments({"instrument": [table]}, PRICES, registry)
    return got


def test_an_instrument_is_built_by_its_kind(registry, contract):
    table = {"name": "ETH-PERP", "kind": "contract", "underlying": "WETH", "lot": 0.1}
    assert traded(table, registry) == contract(name="ETH-PERP", underlying="WETH", lot=0.1)


def test_a_pool_among_the_instruments_is_tradable(registry):
    got = traded({**POOL, "fee": 0.003, "lot": 0.5}, registry)
    assert isinstance(got, hc.Tradable)
    assert (got.name, got.hedges, got.lot, got.fee) == ("lp", ("WETH",), 0.5, 0.003)
    chosen = traded({**POOL, "hedges": ["USDC"], "contract_size": 2, "min_size": 1}, registry)
    assert (chosen.hedges, chosen.contract_size, chosen.min_size) == (("USDC",), 2.0, 1.0)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("hedges", 5),
        ("hedges", "WETH"),
        ("hedges", [3]),
        ("contract_size", "x"),
        ("contract_size", 0.0),
        ("contract_size", -1.0),
        ("lot", -0.1),
        ("lot", [1]),
        ("min_size", "x"),
        ("depth", "x"),
    ],
)
def test_a_wrong_order_in_a_pool_is_named(registry, field, bad):
    with pytest.raises(hc.SpecError, match=f"instrument 'lp': .*{field}"):
        traded({**POOL, field: bad}, registry)


@pytest.mark.parametrize("kind", [None, 3, ["contract"], "contrct"])
def test_an_instrument_of_no_known_kind_is_refused(registry, kind):
    with pytest.raises(hc.HedgecoreError, match="instrument 'x'"):
        traded({"name": "x", "kind": kind, "underlying": "WETH"}, registry)


def test_a_solver_is_no_position_and_no_instrument(entry, plugin, market):
    registry = hc.load_plugins([entry("solvers", plugin(solvers=[hc.LeastSquares]))])
    table = {"name": "x", "kind": "least-squares"}
    with pytest.raises(hc.SpecError, match="x"):
        held({"position": [table]}, market, registry)
    with pytest.raises(hc.SpecError, match="x"):
        traded(table, registry)


def test_unique_names_the_first_that_stands_twice():
    rows.unique("position", ["a", "b"])
    with pytest.raises(hc.SpecError, match=r"position.name: two are called 'b'"):
        rows.unique("position", ["a", "b", "c", "b", "a"][1:])
