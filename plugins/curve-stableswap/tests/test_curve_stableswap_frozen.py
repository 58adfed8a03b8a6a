"""What a ramp of A and a rise of a rate are worth, against differences in 70 digits."""

import pytest
from hedgecore_curve_stableswap import CurveStableswap

from hedgecore import Market

STEP = "1e-20"
POOLS = [
    {"amplification": 200.0, "balances": [1e6, 2.5e6], "rates": [1.2264, 1.0]},
    {"amplification": 4000.0, "balances": [2.7e7, 2.8e7, 1.1e8], "rates": [1.0, 1.05, 1.1]},
    {"amplification": 0.05, "balances": [5e5, 1e6], "rates": [1.0, 1.3]},
]
NAMES = ("X", "Y", "Z")


def value(oracle, model, prices, amplification, rates):
    """Worth of the whole pool at fixed balances, by the judge."""
    xp = [oracle.exact(b) * r for b, r in zip(model.balances, rates, strict=True)]
    d = oracle.invariant(amplification, xp)
    return oracle.state(amplification, d, prices, rates).value


def differences(oracle, model, prices):
    """Central differences by the logarithms of A, and of each rate."""
    step, a = oracle.exact(STEP), oracle.exact(model.amplification)
    rates = [oracle.exact(rate) for rate in model.rates]
    moved = [(a * (1 + way * step), rates) for way in (1, -1)]
    for i in range(len(rates)):
        for way in (1, -1):
            own = [r * (1 + way * step) if j == i else r for j, r in enumerate(rates)]
            moved.append((a, own))
    found = [value(oracle, model, prices, *each) for each in moved]
    return [(up - down) / (2 * step) for up, down in zip(found[::2], found[1::2], strict=True)]


@pytest.mark.parametrize("given", POOLS)
@pytest.mark.parametrize("apart", [1e-3, 0.1])
def test_what_a_rise_of_each_is_worth(given, apart, oracle):
    names = NAMES[: len(given["balances"])]
    model = CurveStableswap(assets=names, share=0.01, **given)
    prices = [rate * (1.0 - i * apart) for i, rate in enumerate(model.rates)]
    market = Market(prices=dict(zip(names, prices, strict=True)), numeraire="USD")
    slopes = model.frozen_slopes(market)
    due, *of_rates = differences(oracle, model, prices)
    room = 1e-13 * float(model.worth(market))
    assert abs(0.01 * float(due) - slopes["amplification"]) <= room
    for mine, theirs in zip(slopes["rates"], of_rates, strict=True):
        assert abs(0.01 * float(theirs) - mine) <= room


def test_coins_without_rates_have_none_to_freeze():
    model = CurveStableswap(**CurveStableswap.example)
    market = Market(prices=dict.fromkeys(model.assets, 1.0), numeraire="USD")
    assert list(model.frozen_slopes(market)) == ["amplification"]


def test_a_ramp_is_worth_nothing_at_the_pools_own_price():
    model = CurveStableswap(**CurveStableswap.example)
    spot = model.spot()
    assert abs(model.amplification_value(spot)) <= 1e-14 * model.value(spot)
