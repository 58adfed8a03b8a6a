"""`uniswap-v2` by worth and by amounts, with the pool's reserves and without: against 60 digits."""

import itertools

import pytest

from hedgecore import Market, SpecError, build, default_registry, spec_of

KIND = "uniswap-v2"
CLS = default_registry()[KIND]
PAIR = {"kind": KIND, "assets": ["A", "B"]}
POOL = {**PAIR, "reserves": [5_000.0, 15_000_000.0]}
PRICES = [1e-30, 1e-6, 1.0, 2_999.7, 1e12, 1e30]


@pytest.mark.parametrize("known", ["A", "B", "AB"])
@pytest.mark.parametrize("price", PRICES)
def test_amounts_in_are_holdings_out_at_that_price(oracle, price, known):
    truth = {"A": oracle.exact(3.3), "B": oracle.exact(3.3) * oracle.exact(price)}
    amounts = {name: float(truth[name]) for name in known}
    model = build({**PAIR, "price": price, "amounts": amounts})
    for out, due in zip(model.greeks(price).holdings, truth.values(), strict=True):
        assert oracle.error(out, due) <= 1e-15
    assert oracle.error(model.spot(), price) <= 1e-15


@pytest.mark.parametrize("price", PRICES)
def test_worth_in_is_value_out_at_that_price(oracle, price):
    model = build({**PAIR, "price": price, "worth": 1e4})
    assert oracle.error(model.value(price), 1e4) <= 1e-15
    assert oracle.error(oracle.at(model.reserves, model.share, price).value, 1e4) <= 1e-15


@pytest.mark.parametrize("reserves", [[5e3, 15e6], [1e-18, 1e30], [1e30, 1e-18]])
def test_a_share_of_a_pool_by_worth_and_by_amounts(oracle, reserves):
    whole = {**PAIR, "reserves": reserves}
    due = build({**whole, "share": 0.003})
    base, quote = (0.003 * each for each in reserves)
    sizes = [{"worth": 2 * quote}, *({"amounts": a} for a in ([base, None], [base, quote]))]
    for size in [*sizes, {"amounts": {"B": quote}}]:
        model = build({**whole, **size})
        assert model.reserves == due.reserves
        assert oracle.error(model.share, 0.003) <= 1e-15


def test_all_of_the_pool_is_a_share_of_one_and_more_is_refused():
    assert build({**POOL, "amounts": POOL["reserves"]}).share == 1.0
    assert build({**POOL, "worth": 30e6}).share == 1.0
    for size in ({"worth": 60e6}, {"amounts": {"A": 1e4}}):
        with pytest.raises(SpecError, match="is 2 times the pool: reserves are what the whole"):
            build({**POOL, **size})


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
        build({**POOL, one: SIZES[one], other: SIZES[other]})


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"reserves": [1.0, 2.0], "price": 2.0, "worth": 1.0}, "price", "beside reserves"),
        ({"reserves": [1.0, 2.0], "price": 2.0}, "price", "reserves say it"),
        ({"worth": 1.0}, "price", "Give price, or reserves"),
        ({"amounts": {"A": 1.0}}, "price", "Give price, or reserves"),
        ({"amounts": [1.0, 0.0]}, "amounts", "positive"),
        ({"amounts": [1.0, 2.00001], "price": 2.0}, "amounts", r"2\.00001 B .* have to be 2 B"),
        ({"worth": 1.0, "price": [1.0, 2.0]}, "price", "must be a list of 1|must be a number"),
        ({}, "reserves", r"needs reserves \(or worth, amounts\)"),
        ({"worth": 1.0, "price": 2.0, "fee": 3}, "fee", r"a fraction: 0\.003 is 0\.3 %"),
    ],
)
def test_what_is_no_size_is_refused_by_its_field(change, field, says):
    with pytest.raises(SpecError, match=says) as caught:
        build({**PAIR, **change})
    assert (caught.value.kind, caught.value.field) == (KIND, field)


def test_a_market_fills_in_the_price_and_counts_worth_in_its_numeraire():
    market = Market(prices={"A": 2_970.0, "B": 0.99})
    for table in (PAIR, POOL):
        model = build({**table, "worth": 1e4}, market=market)
        assert float(model.at_state().worth(market)) == pytest.approx(1e4, rel=1e-15)
        assert float(model.spot()) == pytest.approx(3_000.0, rel=1e-15)
