"""What ramps of the amplification and of gamma are worth, against differences in 80 digits."""

import numpy as np
import pytest
from hedgecore_curve_cryptoswap import CurveCryptoswap

from hedgecore import Market

POOLS = [
    CurveCryptoswap.example,
    {
        "coins": ["crvUSD", "WETH"],
        "amplification": 400_000,
        "gamma": 1.45e-4,
        "balances": [2.1e6, 950.0],
        "price_scale": [2_100.0],
        "share": 0.3,
    },
]


def difference(oracle, model, prices, name):
    """Central difference of the whole pool's worth by the logarithm of a parameter."""
    step, its, values = oracle.mp.mpf(10) ** -18, oracle.setup(model), []
    guess = model.greeks(np.array(prices[:-1]) if len(prices) > 2 else prices[0]).holdings
    for way in (1, -1):
        grown = its._replace(**{name: getattr(its, name) * oracle.mp.exp(way * step)})
        values.append(oracle.state(grown, prices, guess / model.share).value)
    return (values[0] - values[1]) / (2 * step)


@pytest.mark.parametrize("given", POOLS)
@pytest.mark.parametrize("moved", [1.0, 1.02, 0.6])
def test_what_a_ramp_is_worth(given, moved, oracle):
    model = CurveCryptoswap(**given)
    prices = [*(moved * np.atleast_1d(model.spot())), 1.0]
    market = Market(prices={a: 1.25 * p for a, p in zip(model.assets, prices, strict=True)})
    slopes = model.frozen_slopes(market)
    assert list(slopes) == ["price_scale", "amplification", "gamma"]
    room = 1e-13 * float(model.worth(market))
    for field, name in (("amplification", "ann"), ("gamma", "gamma")):
        due = 1.25 * model.share * difference(oracle, model, prices, name)
        assert abs(float(due) - slopes[field]) <= room


def test_slopes_have_the_shape_of_the_market():
    model = CurveCryptoswap(**CurveCryptoswap.example)
    market = Market(prices={"USDC": 1.0, "WBTC": np.full((2, 3), 7e4), "WETH": 2e3})
    shapes = {name: np.shape(slope) for name, slope in model.frozen_slopes(market).items()}
    assert shapes == {"price_scale": (2, 3, 2), "amplification": (2, 3), "gamma": (2, 3)}
