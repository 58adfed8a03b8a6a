"""What the oracle's price, the base price and the debt are worth, against 60-digit differences."""

from types import SimpleNamespace

import numpy as np
import pytest
from attrs import evolve
from hedgecore_llamma import Llamma

from hedgecore import Market

NAMES = ("bands", "amplification", "base_price", "oracle_price", "oracle")
STATES = [
    [[0, 500.0, 0.3], [1, 0.0, 1.0], [2, 100.0, 0.02], [3, 300.0, 0.0]],
    [[-2, 0.0, 2.0], [1, 7.0, 0.0], [5, 0.0, 0.0]],
]


def position(bands, oracle, **terms):
    return Llamma(
        collateral="C",
        borrowed="B",
        bands=bands,
        amplification=100,
        base_price=2_000.0,
        oracle_price=1_985.0,
        oracle=oracle,
        share=0.7,
        **terms,
    )


def difference(judge, model, price, name):
    """Central difference of the worth, in the borrowed asset, by the logarithm of a field."""
    step, values = judge.mp.mpf(10) ** -20, []
    for way in (1, -1):
        fields = {each: getattr(model, each) for each in NAMES}
        fields[name] = judge.exact(fields[name]) * judge.mp.exp(way * step)
        coins, cash, _ = judge.at(SimpleNamespace(**fields), price)
        values.append(judge.exact(price) * coins + cash)
    return judge.exact(model.share) * (values[0] - values[1]) / (2 * step)


@pytest.mark.parametrize("kind", ["frozen", "tracking"])
@pytest.mark.parametrize("bands", STATES)
def test_what_a_rise_of_each_is_worth(bands, kind, oracle):
    model = position(bands, kind)
    for price in (1_890.0, 1_950.0, 1_965.0, 1_978.0, 1_990.0, 2_010.0, 2_050.0):
        market = Market(prices={"C": price * 1.25, "B": 1.25}, numeraire="USD")
        slopes = model.frozen_slopes(market)
        assert set(slopes) == {"base_price", *(["oracle_price"] if kind == "frozen" else [])}
        room = 1e-13 * 100 * float(model.worth(market))  # A times the digits of what is held
        for name, found in slopes.items():
            due = 1.25 * difference(oracle, model, price, name)
            assert abs(float(due) - float(found)) <= room, (name, price)


def test_a_debt_is_worth_itself_and_all_shapes_are_the_markets():
    model = position(STATES[0], "frozen", debt=700.0)
    market = Market(prices={"C": [[1_950.0], [1_990.0]], "B": 2.0}, numeraire="USD")
    slopes = model.frozen_slopes(market)
    assert slopes["debt"] == pytest.approx(-0.7 * 700.0 * 2.0, rel=1e-15)
    for name in ("oracle_price", "base_price"):
        assert slopes[name].shape == (2, 1)
        for at, price in enumerate((1_950.0, 1_990.0)):
            one = market.shifted(prices={"C": price})
            alone = model.frozen_slopes(one)[name]
            assert slopes[name][at, 0] == pytest.approx(float(alone), rel=1e-12)


def test_a_position_without_anything_in_a_band_is_worth_nothing_to_any_oracle():
    empty = evolve(position(STATES[0], "frozen"), bands=[[0, 0.0, 0.0]])
    market = Market(prices={"C": 1_950.0, "B": 1.0}, numeraire="B")
    assert {name: float(np.sum(s)) for name, s in empty.frozen_slopes(market).items()} == {
        "oracle_price": 0.0,
        "base_price": 0.0,
    }
