"""Bands: the part of the way that is traded is the same however deltas lie in memory."""

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.decisions.band_orders import BandPaths, orders_to_band
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.decisions.policies.band import Band
from hedgecore.hedging.lots import DUST
from hedgecore.interfaces.policy import Observation
from hedgecore.simulation.engine.loops import band_order

RNG = np.random.default_rng(5)
DELTA = RNG.normal(0.0, 1.0, (3, 4, 2))
LAYOUTS = {
    "row by row": np.ascontiguousarray,
    "column by column": np.asfortranarray,
    "steps innermost": lambda delta: delta.transpose(1, 0, 2).copy().transpose(1, 0, 2),
    "every other": lambda delta: np.repeat(delta, 2, axis=1)[:, ::2],
}


def seen(delta):
    zeros = np.zeros(delta.shape)
    return Observation(
        step=np.array(1), time=np.array(0.1), dt=np.array(0.1), price=zeros + 1.0, delta=delta,
        gamma=np.zeros((*delta.shape, 2)), vol=zeros, cost=zeros, last_time=zeros[..., 0],
        last_price=zeros + 1.0, worth=np.array(1.0),
    )  # fmt: skip


class Volatile(AbstractBand):
    """A band as wide as the price moves."""

    kind = "volatile"

    def __init__(self, to):
        self.to = to

    def width(self, now):
        return now.vol


@pytest.mark.parametrize("to", ["edge", "centre"])
def test_an_unknown_width_is_refused_and_does_not_trade_nothing_in_silence(to):
    unknown = evolve(seen(DELTA), vol=np.full(DELTA.shape, np.nan))
    for ask in (Volatile(to).fraction, Volatile(to).no_trade_band):
        with pytest.raises(hc.SpecError, match=r"volatile\.width: is unknown \(NaN\)"):
            ask(unknown)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("to", ["edge", "centre"])
def test_a_delta_outside_leads_to_the_edge_or_all_of_the_way(layout, to):
    band = hc.build({"kind": "band", "half_width": 0.5, "to": to})
    part = band.fraction(seen(LAYOUTS[layout](DELTA)))
    outside = np.abs(DELTA) > 0.5
    rest = 0.5 if to == "edge" else 0.0
    assert (part[~outside] == 0.0).all()
    np.testing.assert_allclose(
        (DELTA * (1.0 - part))[outside], (np.sign(DELTA) * rest)[outside], rtol=0, atol=1e-15
    )


@pytest.mark.parametrize("size", [0.5, 1e-9, 3e12])
def test_a_delta_that_stands_at_the_edge_is_not_outside_whatever_its_last_bit(size):
    band = Band(half_width=size)
    edge = np.nextafter(size, np.inf)
    delta = np.array([[edge], [-edge], [size * (1 + 1e-9)]])
    np.testing.assert_allclose(band.fraction(seen(delta))[:, 0], [0.0, 0.0, 1e-9], rtol=1e-6)
    column = np.ones(3)
    paths = BandPaths(delta[:, 0], column, column, size * column, 0.0 * column)
    np.testing.assert_array_equal(orders_to_band(paths, "edge")[0] != 0, [False, False, True])
    for each, far in zip(delta[:, 0].tolist(), [False, False, True], strict=True):
        part, _ = band_order.function((each, 1.0, 1.0, size, 0.0), (False, DUST))
        assert (part != 0.0) is far
