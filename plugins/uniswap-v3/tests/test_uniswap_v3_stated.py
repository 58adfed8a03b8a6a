"""`uniswap-v3` by worth, by amounts, with a range in per cent: against 60 digits, to the edge."""

import itertools
import math

import pytest

from hedgecore import AssetError, Market, SpecError, build, default_registry, spec_of

KIND = "uniswap-v3"
CLS = default_registry()[KIND]
PAIR = {"kind": KIND, "assets": ["A", "B"]}
RANGE = {**PAIR, "lower": 2_500.0, "upper": 3_500.0}
POOL = {**RANGE, "price": 3_000.0}
UP, DOWN = math.inf, 0.0
NEXT = math.nextafter
EXTREME = [
    (2_500.0, 3_500.0),
    (3_000.0, 3_000.0 * 1.0001),
    (3_000.0, NEXT(NEXT(3_000.0, UP), UP)),
    (1e-38, 1e38),
    (1e-38, 1e-37),
    (1e37, 1e38),
    (0.1, 0.1 * (1 + 1e-12)),
    (1.0, 1e30),
]


def inside(lower, upper):
    """Return prices in a range: beside both edges by a double, by a millionth, and amid."""
    width = upper - lower
    found = [NEXT(lower, UP), lower + 1e-6 * width, math.sqrt(lower) * math.sqrt(upper)]
    found += [lower + 0.5 * width, upper - 1e-6 * width, NEXT(upper, DOWN)]
    return sorted({price for price in found if lower < price < upper})


CASES = [(low, up, price) for low, up in EXTREME for price in inside(low, up)]
EACH = pytest.mark.parametrize(("lower", "upper", "price"), CASES)
OUTSIDE = [(low, up, p, i) for low, up in EXTREME for p, i in ((low / 2, "A"), (2 * up, "B"))]


def table(lower, upper, price, **size):
    return {**PAIR, "lower": lower, "upper": upper, "price": price, **size}


@pytest.mark.parametrize("known", ["A", "B", "AB"])
@EACH
def test_amounts_in_are_holdings_out_at_that_price(oracle, lower, upper, price, known):
    truth = oracle.between(1234.5, lower, upper).at(price)
    amounts = {"A": float(truth.base), "B": float(truth.quote)}
    model = build(table(lower, upper, price, amounts={name: amounts[name] for name in known}))
    out = model.greeks(price).holdings
    assert oracle.error(out[0], truth.base) <= 1e-13
    assert oracle.error(out[1], truth.quote) <= 1e-13
    assert oracle.error(model.liquidity, 1234.5) <= 1e-14


@EACH
def test_worth_in_is_value_out_at_that_price(oracle, lower, upper, price):
    model = build(table(lower, upper, price, worth=1e4))
    assert oracle.error(model.value(price), 1e4) <= 1e-15
    assert oracle.error(oracle.between(model.liquidity, lower, upper).at(price).value, 1e4) <= 2e-15


@pytest.mark.parametrize(("lower", "upper", "price", "known"), OUTSIDE)
def test_out_of_range_one_amount_is_the_position(oracle, lower, upper, price, known):
    model = build(table(lower, upper, price, amounts={known: 7.0}))
    out = model.greeks(price).holdings
    assert oracle.error(out["AB".index(known)], 7.0) <= 1e-15
    assert out["BA".index(known)] == 0.0
    both = [7.0, 0.0] if known == "A" else [0.0, 7.0]
    assert build(table(lower, upper, price, amounts=both)) == model


@pytest.mark.parametrize("title", CLS.examples())
def test_each_way_builds_and_its_canonical_table_builds_it_again(title):
    model = build({"kind": KIND, **CLS.examples()[title]})
    again = spec_of(model)
    assert not {*again} & {*CLS.alternatives()}
    assert build(again) == model


def test_ways_to_say_one_position_agree():
    by_worth = build({**POOL, "worth": 10_000.0})
    base, quote = by_worth.greeks(3_000.0).holdings
    for amounts in (
        {"A": base},
        {"B": quote},
        [base, quote],
        [base, None],
        {"B": quote, "A": base},
    ):
        model = build({**POOL, "amounts": amounts})
        assert model.liquidity == pytest.approx(by_worth.liquidity, rel=1e-15)
    assert build({**POOL, "liquidity": by_worth.liquidity}) == by_worth


SIZES = {"liquidity": 5.0, "worth": 10.0, "amounts": [1.0, 2.0]}


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(SIZES, 2)])
def test_two_sizes_are_refused_naming_both(one, other):
    with pytest.raises(SpecError, match=f"{KIND}.{other}: stands beside {one}"):
        build({**POOL, one: SIZES[one], other: SIZES[other]})


@pytest.mark.parametrize("edge", ["lower", "upper"])
def test_a_range_beside_an_edge_is_refused_naming_both(edge):
    with pytest.raises(SpecError, match=f"{KIND}.range: stands beside {edge}"):
        build({**PAIR, "price": 3e3, "worth": 1.0, "range": "10%", edge: 2e3})


def test_amounts_that_contradict_each_other_say_both_and_what_is_due():
    due = float(build({**POOL, "amounts": [1.5, None]}).greeks(3_000.0).holdings[1])
    for off in (1 - 9e-7, 1 + 9e-7):
        build({**POOL, "amounts": [1.5, due * off]})
    for off in (1 - 1.1e-6, 1 + 1.1e-6, 2.0):
        with pytest.raises(SpecError, match="contradict each other") as caught:
            build({**POOL, "amounts": [1.5, due * off]})
        said = str(caught.value)
        assert caught.value.field == "amounts"
        assert all(text in said for text in ("1.5 A", f"{due * off!r} B", f"{due:.10g} B"))


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"amounts": {"C": 1.0}}, "amounts", r"'C' is none of the assets \('A', 'B'\)"),
        ({"amounts": [1.0]}, "amounts", "1 entries for the 2 assets"),
        ({"amounts": {}}, "amounts", "must be a table asset = amount"),
        ({"amounts": [None, None]}, "amounts", "must be a table asset = amount"),
        ({"amounts": 3.0}, "amounts", "must be a table asset = amount"),
        ({"amounts": [-1.0, 1.0]}, "amounts", "0 or more"),
        ({"amounts": {"A": "1"}}, "amounts", "must be a number"),
        ({"amounts": [0.0, 0.0]}, "amounts", "must be positive"),
        ({"amounts": {"A": 0.0, "B": 5.0}}, "amounts", r"beside 5\.0 B .* 0\.00\d+ A"),
        ({"amounts": {"A": 1.0}, "price": 4e3}, "amounts", "holds none .* Say how much B"),
        ({"amounts": {"A": 1.0, "B": 1.0}, "price": 4e3}, "amounts", r"have to be 0 A"),
        ({"worth": 0.0}, "worth", "positive"),
        ({"worth": True}, "worth", "must be a number"),
        ({"worth": 1e308, "price": 2.9e3, "lower": 1e-300}, "worth", None),
        ({"worth": 1.0, "price": None}, "price", "worth is of a position at a price"),
        ({"worth": 1.0, "price": -1.0}, "price", "positive"),
        ({"worth": 1.0, "around": 3e3}, "around", "give range"),
        ({}, "liquidity", r"needs liquidity \(or worth, amounts\)"),
    ],
)
def test_what_is_no_size_is_refused_by_its_field(change, field, says):
    given = {**POOL, **change}
    if says is None:  # large, and still a position
        assert math.isfinite(build(given).liquidity)
        return
    with pytest.raises(SpecError, match=says) as caught:
        build(given)
    assert (caught.value.kind, caught.value.field) == (KIND, field)


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("10%", 2_700.0, 3_300.0),
        ("±10 %", 2_700.0, 3_300.0),
        ("+/-10%", 2_700.0, 3_300.0),
        ("0.05%", 2_998.5, 3_001.5),
        ("-5%/+20%", 2_850.0, 3_600.0),
        ("-99%/+400%", 30.0, 15_000.0),
    ],
)
def test_a_range_in_per_cent_is_around_the_price(text, lower, upper):
    model = build({**PAIR, "price": 3_000.0, "range": text, "liquidity": 1.0})
    assert (model.lower, model.upper) == pytest.approx((lower, upper), rel=1e-15)
    other = build({**PAIR, "price": 9.0, "around": 3_000.0, "range": text, "liquidity": 1.0})
    assert (other.lower, other.upper, other.price) == (model.lower, model.upper, 9.0)


@pytest.mark.parametrize("bad", ["10", 10, 0.1, True, "", "%", "0%", "100%", "-0%/+0%", "5%/20%"])
def test_a_range_that_is_none_is_refused_with_the_form(bad):
    with pytest.raises(SpecError, match=r"uniswap-v3\.range: ") as caught:
        build({**PAIR, "price": 3_000.0, "range": bad, "liquidity": 1.0})
    assert "%" in str(caught.value)


def test_a_range_without_a_price_says_what_is_missing():
    with pytest.raises(SpecError, match="give around, or price"):
        build({**PAIR, "range": "10%", "liquidity": 1.0})


def test_a_market_fills_in_the_price_and_counts_worth_in_its_numeraire():
    market = Market(prices={"A": 2_970.0, "B": 0.99})
    model = build({**PAIR, "range": "10%", "worth": 1e4}, market=market)
    assert (model.lower, model.upper) == pytest.approx((2_700.0, 3_300.0), rel=1e-15)
    assert float(model.worth(market)) == pytest.approx(1e4, rel=1e-15)
    assert model.price is None, "the market's price is not the pool's"


def test_worth_at_a_price_of_its_own_is_counted_at_the_markets_prices():
    market = Market(prices={"A": 3_100.0, "B": 1.01})
    model = build({**POOL, "worth": 1e4}, market=market)
    assert float(model.at_state().worth(market)) == pytest.approx(1e4, rel=1e-15)


def test_a_market_without_a_price_is_named():
    with pytest.raises(AssetError, match="'B'"):
        build({**POOL, "worth": 1e4}, market=Market(prices={"A": 3e3}))
