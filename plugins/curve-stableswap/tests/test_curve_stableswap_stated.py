"""`curve-stableswap` by worth and by amounts: with the pool's balances, their ratios, or prices."""

import itertools

import pytest

from hedgecore import Market, SpecError, build, default_registry, spec_of

KIND = "curve-stableswap"
CLS = default_registry()[KIND]
THREE = {"kind": KIND, "assets": ["A", "B", "C"], "amplification": 200.0}
BALANCES = [20e6, 30e6, 50e6]
RATES = [1.0, 1.226470562881593, 0.97]
PRICES = [[1.0, 1.0], [1.0007, 0.9993], [1.9, 0.2], [1e-9, 1e9]]


@pytest.mark.parametrize("known", ["A", "B", "AC", "ABC"])
@pytest.mark.parametrize("price", PRICES)
def test_amounts_in_are_holdings_out_at_that_price(oracle, price, known):
    truth = oracle.state(200.0, 1234.5, [*price, 1.0], RATES)
    held = dict(zip("ABC", map(float, truth.held), strict=True))
    amounts = {name: held[name] for name in known}
    model = build({**THREE, "rates": RATES, "price": price, "amounts": amounts})
    for out, exact in zip(model.greeks(price).holdings, truth.held, strict=True):
        assert oracle.error(out, exact) <= 1e-13


@pytest.mark.parametrize("price", PRICES)
def test_worth_in_is_value_out_at_that_price(oracle, price):
    model = build({**THREE, "rates": RATES, "price": price, "worth": 1e4})
    d = oracle.invariant(
        200.0, [b * oracle.exact(r) for b, r in zip(model.balances, RATES, strict=True)]
    )
    assert oracle.error(oracle.state(200.0, d, [*price, 1.0], RATES).value, 1e4) <= 1e-14
    assert oracle.error(model.value(price), 1e4) <= 1e-14


def test_a_share_of_a_pool_by_worth_and_by_amounts(oracle):
    whole = {**THREE, "balances": BALANCES, "rates": RATES}
    due = build({**whole, "share": 0.003})
    slopes = oracle.slopes(
        200.0, [b * oracle.exact(r) for b, r in zip(BALANCES, RATES, strict=True)]
    )
    prices = [s * oracle.exact(r) for s, r in zip(slopes, RATES, strict=True)]
    worth = sum(p / prices[2] * 0.003 * b for p, b in zip(prices, BALANCES, strict=True))
    own = [0.003 * each for each in BALANCES]
    for size in ({"worth": float(worth)}, {"amounts": own}, {"amounts": {"B": own[1]}}):
        model = build({**whole, **size})
        assert model.balances == due.balances
        assert oracle.error(model.share, 0.003) <= 1e-14


@pytest.mark.parametrize("size", [{"worth": 1e4}, {"amounts": {"A": 2e3}}], ids=["worth", "amount"])
def test_ratios_of_balances_do_for_a_pool_that_is_not_known(size):
    pool = build({**THREE, "balances": BALANCES, **size})
    for factor in (1e-8, 1.0, 1e3):
        ratios = [factor * each for each in BALANCES]
        model = build({**THREE, "proportions": ratios, **size})
        for price in ([1.0, 1.0], [0.9, 1.1]):
            assert model.greeks(price).holdings == pytest.approx(
                pool.greeks(price).holdings, rel=1e-12
            )
        assert model.share == 1.0


def test_all_amounts_alone_are_the_position():
    model = build({**THREE, "amounts": [1.0, 2.0, 3.0]})
    assert (model.balances, model.share) == ((1.0, 2.0, 3.0), 1.0)


@pytest.mark.parametrize("title", CLS.examples())
def test_each_way_builds_and_its_canonical_table_builds_it_again(title):
    model = build({"kind": KIND, **CLS.examples()[title]})
    again = spec_of(model)
    assert not {*again} & {*CLS.alternatives()}
    assert build(again) == model


SIZES = {"share": 0.1, "worth": 10.0, "amounts": [1.0, 2.0, 3.0]}


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(SIZES, 2)])
@pytest.mark.parametrize("state", ["balances", "proportions"])
def test_two_sizes_are_refused_naming_both(one, other, state):
    with pytest.raises(SpecError, match=f"{KIND}.{other}: stands beside {one}"):
        build({**THREE, state: [1.0, 2.0, 3.0], one: SIZES[one], other: SIZES[other]})


ONES = [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"balances": ONES, "worth": 9.0}, "worth", "is 3 times the pool"),
        ({"balances": ONES, "price": [1, 1], "worth": 1.0}, "price", "beside balances"),
        ({"balances": ONES, "proportions": ONES, "worth": 1.0}, "proportions", "beside balances"),
        ({"price": [1, 1], "proportions": ONES, "worth": 1.0}, "proportions", "beside price"),
        ({"proportions": ONES}, "proportions", "give worth or amounts beside them"),
        ({"proportions": [1.0, 0.0, 1.0], "worth": 1.0}, "proportions", "positive"),
        ({"proportions": [1.0, 1.0], "worth": 1.0}, "proportions", "2 entries"),
        ({"proportions": ONES, "amounts": [1.0, 2.0, None]}, "amounts", r"have to be 1 B"),
        ({"worth": 1.0}, "price", "Give price, or balances"),
        ({}, "balances", r"needs balances \(or worth, amounts, proportions\)"),
    ],
)
def test_what_is_no_size_is_refused_by_its_field(change, field, says):
    with pytest.raises(SpecError, match=says) as caught:
        build({**THREE, **change})
    assert (caught.value.kind, caught.value.field) == (KIND, field)


def test_a_market_fills_in_the_prices_and_counts_worth_in_its_numeraire():
    market = Market(prices={"A": 1.001, "B": 0.999, "C": 0.99})
    model = build({**THREE, "worth": 1e4}, market=market)
    assert float(model.worth(market)) == pytest.approx(1e4, rel=1e-13)
    for state in ("balances", "proportions"):
        stated = build({**THREE, state: BALANCES, "worth": 1e4}, market=market)
        assert float(stated.at_state().worth(market)) == pytest.approx(1e4, rel=1e-15)
