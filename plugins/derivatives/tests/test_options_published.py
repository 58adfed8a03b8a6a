"""Options by the published numbers of Hull: a price, deltas on a path, a system of Greeks."""

import numpy as np
import pytest
from attrs import evolve
from hedgecore_derivatives import Option

from hedgecore import (
    Balance,
    HedgeRequest,
    Market,
    hedge,
)

# Hull, Options, Futures and Other Derivatives, table 19.2: a call on 100 000 shares, 20 weeks.
PATH = [49, 48.12, 47.37, 50.25, 51.75, 53.12, 53, 51.87, 51.38, 53, 49.88, 48.5, 49.88, 50.37]
PATH += [52.13, 51.88, 52.87, 54.87, 54.62, 55.87, 57.25]
DELTAS = [0.522, 0.458, 0.400, 0.596, 0.693, 0.774, 0.771, 0.706, 0.674, 0.787, 0.550, 0.413]
DELTAS += [0.542, 0.591, 0.768, 0.759, 0.865, 0.978, 0.990, 1, 1]


def test_hull_table_19_2_price():
    """Hull: the option is worth about 240 000; 240 046 with T = .3846 as it is printed."""
    call = Option(name="H", underlying="X", strike=50.0, expiry_years=0.3846, contract_size=1e5)
    there = Market(prices={"X": 49.0}, vols={"X": 0.2}, rates={"USD": 0.05})
    assert call.mark(there).value == pytest.approx(240_046, abs=0.5)


def test_hull_table_19_2_deltas_on_the_path():
    """Hull: the deltas of weeks 0 to 20, as the option ages on the market's clock."""
    call = Option(name="H", underlying="X", strike=50.0, expiry=20 / 52)
    rest = {"vols": {"X": 0.2}, "rates": {"USD": 0.05}}
    weeks = [Market(prices={"X": p}, time=n / 52, **rest) for n, p in enumerate(PATH)]
    found = [float(call.exposure(week).delta[0]) for week in weeks]
    assert found == pytest.approx(DELTAS, abs=0.0005 + 1e-9)


def test_hull_greek_system():
    """Hull, Greek letters: 400 and 6000 of two options, and 3240 of the underlying sold."""

    class Given:
        """What has the Greeks that it is given, per unit of an asset worth 1."""

        def __init__(self, name, delta, gamma, vega):
            self.name, self.hedges, self.contract_size = name, ("X",), 1.0
            self.lot = self.min_size = self.fee = 0.0
            self.greeks = delta, gamma, vega

        def exposure(self, market):
            delta, gamma, vega = self.greeks
            exposure = Balance("X").exposure(market)
            block = np.full((1, 1), float(gamma))
            other = {"vega:X": vega}
            return evolve(exposure, delta=np.array([float(delta)]), gamma=block, other=other)

        def worth(self, market):
            return self.exposure(market).value

    tools = [Given("1", 0.6, 0.5, 2.0), Given("2", 0.5, 0.8, 1.2), Given("X", 1.0, 0.0, 0.0)]
    request = HedgeRequest(neutral=("delta", "gamma", "vega"))
    there = Market(prices={"X": 1.0})
    answer = hedge(Given("P", 0, -5000, -8000), with_=tools, market=there, request=request)
    assert list(answer.quantities.values()) == pytest.approx([400, 6000, -3240], rel=1e-9)
