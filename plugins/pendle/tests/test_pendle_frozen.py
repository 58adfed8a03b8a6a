"""What time and the implied rate are worth at other prices, against 40-digit differences."""

from types import SimpleNamespace

import numpy as np
import pytest
from hedgecore_pendle import PendleV2

from hedgecore import Market, SupportsExpiry, SupportsFrozen

FIELDS = ("years_to_expiry", "last_ln_implied_rate")
MARKETS = [
    {},
    {"total_pt": 9e5, "total_asset": 1e4, "years_to_expiry": 0.2},
    {"total_pt": 2e3, "total_asset": 3e6, "last_ln_implied_rate": 0.3, "scalar_root": 30.0},
]


def difference(oracle, model, price, name):
    """Central difference of the worth by the logarithm of a field."""
    step, values = oracle.mp.mpf(10) ** -12, []
    for way in (1, -1):
        fields = {each: getattr(model, each) for each in (*type(model).example, "share")}
        fields[name] = oracle.exact(fields[name]) * oracle.mp.exp(way * step)
        values.append(oracle.at(SimpleNamespace(**fields), price).value)
    return (values[0] - values[1]) / (2 * step)


@pytest.mark.parametrize("given", MARKETS)
def test_what_a_rise_of_each_is_worth(given, oracle):
    model = PendleV2(**{**PendleV2.example, **given})
    token, asset = model.assets
    for move in (0.95, 1.004):
        price = float(model.spot() * move)
        market = Market(prices={token: 1.25 * price, asset: 1.25}, numeraire="USD")
        slopes = model.frozen_slopes(market)
        for name in FIELDS:
            due = 1.25 * difference(oracle, model, price, name)
            assert abs(float(due) - slopes[name]) <= 1e-12 * float(model.worth(market)), name


def test_they_are_worth_nothing_at_the_markets_own_price():
    model = PendleV2(**PendleV2.example)
    token, asset = model.assets
    market = Market(prices={token: model.spot(), asset: 1.0}, numeraire=asset)
    room = 1e-14 * float(model.worth(market))
    assert all(abs(slope) <= room for slope in model.frozen_slopes(market).values())


def test_a_market_says_how_long_it_lives_and_what_to_hold_then():
    model = PendleV2(**PendleV2.example)
    assert isinstance(model, SupportsExpiry)
    assert isinstance(model, SupportsFrozen)
    assert model.years_left() == 0.5
    assert "40.0 PT-wstETH and 60.0 wstETH" in model.expiry_advice()


def test_slopes_have_the_shape_of_the_market():
    model = PendleV2(**PendleV2.example)
    token, asset = model.assets
    market = Market(prices={token: np.full((2, 3), 0.97), asset: 1.0}, numeraire=asset)
    assert {np.shape(slope) for slope in model.frozen_slopes(market).values()} == {(2, 3)}
