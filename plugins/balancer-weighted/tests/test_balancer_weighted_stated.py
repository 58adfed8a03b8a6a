"""`balancer-weighted` by worth and by amounts, with the pool's balances and without them."""

import itertools

import pytest

from hedgecore import Market, SpecError, build, default_registry, spec_of

KIND = "balancer-weighted"
CLS = default_registry()[KIND]
THREE = {"kind": KIND, "assets": ["A", "B", "C"], "weights": [40, 35, 25]}
PAIR = {"kind": KIND, "assets": ["A", "B"], "weights": "80/20"}
PRICES = [[1.0, 1.0], [60_000.0, 3_000.0], [1e-30, 1e30], [1e30, 7.7]]


def due(oracle, price, worth):
    """Return what a position of this worth holds: x_i = w_i V / p_i, in 60 digits."""
    weights = [oracle.exact(w) / 100 for w in THREE["weights"]]
    rows = zip(weights, [*price, 1.0], strict=True)
    return [w * oracle.exact(worth) / oracle.exact(p) for w, p in rows]


@pytest.mark.parametrize("known", ["A", "C", "AB", "ABC"])
@pytest.mark.parametrize("price", PRICES)
def test_amounts_in_are_holdings_out_at_that_price(oracle, price, known):
    truth = dict(zip("ABC", due(oracle, price, 1e4), strict=True))
    amounts = {name: float(truth[name]) for name in known}
    model = build({**THREE, "price": price, "amounts": amounts})
    for out, held in zip(model.greeks(price).holdings, truth.values(), strict=True):
        assert oracle.error(out, held) <= 1e-13


@pytest.mark.parametrize("price", PRICES)
def test_worth_in_is_value_and_holdings_out_at_that_price(oracle, price):
    model = build({**THREE, "price": price, "worth": 1e4})
    assert oracle.error(model.value(price), 1e4) <= 1e-13
    for out, held in zip(model.balances, due(oracle, price, 1e4), strict=True):
        assert oracle.error(out, held) <= 1e-15


@pytest.mark.parametrize("balances", [[1.0, 2.0, 3.0], [1e-18, 1.0, 1e30]])
def test_a_share_of_a_pool_by_worth_and_by_amounts(oracle, balances):
    whole = {**THREE, "balances": balances}
    share = build({**whole, "share": 0.003})
    own = [0.003 * each for each in balances]
    worth = own[2] * 4  # C is a quarter of the worth, and the quote
    for size in ({"worth": worth}, {"amounts": own}, {"amounts": {"B": own[1]}}):
        model = build({**whole, **size})
        assert model.balances == share.balances
        assert oracle.error(model.share, 0.003) <= 2e-15


def test_all_amounts_alone_are_the_position():
    model = build({**THREE, "amounts": [1.0, 2.0, 3.0]})
    assert (model.balances, model.share) == ((1.0, 2.0, 3.0), 1.0)


@pytest.mark.parametrize("title", CLS.examples())
def test_each_way_builds_and_its_canonical_table_builds_it_again(title):
    model = build({"kind": KIND, **CLS.examples()[title]})
    again = spec_of(model)
    assert not {*again} & {*CLS.alternatives()}
    assert build(again) == model


SIZES = {"share": 0.1, "worth": 10.0, "amounts": [1.0, 2.0]}


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(SIZES, 2)])
def test_two_sizes_are_refused_naming_both(one, other):
    with pytest.raises(SpecError, match=f"{KIND}.{other}: stands beside {one}"):
        build({**PAIR, "balances": [1.0, 2.0], one: SIZES[one], other: SIZES[other]})


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"balances": [1.0, 2.0, 3.0], "worth": 24.0}, "worth", "is 2 times the pool"),
        ({"balances": [1.0, 2.0, 3.0], "price": [1, 1], "worth": 1.0}, "price", "beside balances"),
        ({"worth": 1.0}, "price", "Give price, or balances"),
        ({"worth": 1.0, "price": 2.0}, "price", r"list of 2 numbers, the prices of \('A', 'B'\)"),
        ({"amounts": {"A": 1.0, "B": 1.0}}, "price", "Give price, or balances"),
        ({"amounts": [1.0, 1.0, 1.0], "price": [1, 1]}, "amounts", r"have to be 0\.875 B"),
        ({"weights": [0.8, 0.1], "worth": 1.0, "price": [1, 1]}, "weights", "2 entries"),
        ({"assets": None, "worth": 1.0}, "assets", "must be a list"),
        ({}, "balances", r"needs balances \(or worth, amounts\)"),
    ],
)
def test_what_is_no_size_is_refused_by_its_field(change, field, says):
    with pytest.raises(SpecError, match=says) as caught:
        build({**THREE, **change})
    assert (caught.value.kind, caught.value.field) == (KIND, field)


def test_a_market_fills_in_the_prices_and_counts_worth_in_its_numeraire():
    market = Market(prices={"A": 60_000.0, "B": 3_000.0, "C": 0.99})
    model = build({**THREE, "worth": 1e4}, market=market)
    assert float(model.worth(market)) == pytest.approx(1e4, rel=1e-14)
    stated = build({**THREE, "balances": [1.0, 20.0, 5e4], "worth": 1e4}, market=market)
    assert float(stated.at_state().worth(market)) == pytest.approx(1e4, rel=1e-15)
