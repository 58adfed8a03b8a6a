"""Row by row, path by path in floats, or compiled: a frame comes to the same bits."""

import numpy as np
import pytest

from hedgecore.hedging.lots import DUST
from hedgecore.interfaces.policy import ALWAYS
from hedgecore.simulation.engine import band_trades, recording
from hedgecore.simulation.engine.band_trades import HedgedAsset
from hedgecore.simulation.engine.recording import Tally

DRAWS = 200
WIDTHS = {
    "none": lambda rng, k, n: np.zeros((k, 1)),  # noqa: ARG005
    "a moment": lambda rng, k, n: rng.exponential(1.0, (k, 1)),  # noqa: ARG005
    "a schedule": lambda rng, k, n: np.where(rng.random((k, 1)) < 0.5, ALWAYS, np.inf),  # noqa: ARG005
    "a path": lambda rng, k, n: rng.exponential(1.0, (k, n)),
    "some paths": lambda rng, k, n: rng.choice([0.0, 0.5, np.inf], (k, n)),
    "all of the way": lambda rng, k, n: np.full((k, n), ALWAYS),  # noqa: ARG005
}


def frame(seed):
    """Draw a hedged asset over K steps of N paths, and what is held before.

    Deltas stand still now and then, so that what is left is rounding; some are no finite number.
    """
    rng = np.random.default_rng(seed)
    steps, paths, size = rng.integers(1, 12), rng.integers(1, 40), 10.0 ** rng.integers(-6, 7)
    moves = rng.standard_normal((steps, paths)) * (rng.random((steps, 1)) < 0.6)
    base = size * (rng.standard_normal(paths) + 0.2 * moves.cumsum(axis=0))
    base *= 1.0 + rng.choice([0.0, 1e-15, 1e-14, 3e-13], base.shape)
    name = rng.choice([*WIDTHS])
    width = WIDTHS[name](rng, steps, paths)
    to = "centre" if width.min() == ALWAYS or rng.random() < 0.4 else "edge"
    unit = rng.choice([-2.0, 1e-3, 1.0]) * rng.lognormal(size=(steps, rng.choice([1, paths])))
    before = -base[0] / unit[0] * rng.choice([0.0, 0.9, 1.0, 1.0 + 1e-15], paths)
    base[rng.random(base.shape) < 0.03] = rng.choice([np.nan, np.inf, -np.inf, 0.0])
    return HedgedAsset(base, unit, np.where(width > 0, size * width, width), to), before


def trade(way, column, before):
    """Trade a frame, and give orders, what is held, and who is outside where that is a number."""
    shape = column.base.shape
    orders, held, outside = np.empty(shape), np.empty(shape), np.zeros(shape, dtype=bool)
    with np.errstate(all="ignore"):
        way(column, before, orders, held, outside)
    return orders, held, outside | np.isnan(orders)


def same(way, seed):
    """Compare a way through a drawn frame with NumPy's, and count what the draw had of each."""
    column, before = frame(seed)
    right, other = (trade(each, column, before) for each in (band_trades.trade_by_step, way))
    for one, that in zip(other, right, strict=True):
        np.testing.assert_array_equal(one, that, err_msg=f"draw {seed}, {column.to}")
    orders, held, outside = right
    begun = np.vstack([before, held[:-1]])
    with np.errstate(invalid="ignore"):
        left = np.abs(begun * column.unit + column.base)
    dust = (left > 0) & (left <= DUST * np.abs(column.base))
    return np.array([(orders != 0).sum(), (outside & (orders == 0)).sum(), dust.sum()])


def test_few_paths_in_floats_are_traded_as_rows_are():
    seen = sum(same(band_trades.trade_by_path, seed) for seed in range(DRAWS))
    assert (seen > DRAWS).all(), seen


def test_a_compiled_loop_trades_as_rows_do():
    pytest.importorskip("numba")
    seen = sum(same(band_trades.trade_compiled, seed) for seed in range(DRAWS))
    assert (seen > DRAWS).all(), seen


def test_what_does_not_vary_by_path_or_cannot_be_written_to_is_compiled_once():
    pytest.importorskip("numba")
    column, before = frame(1)
    steps = len(column.base)
    trade(band_trades.trade_compiled, column, before)
    kinds = len(band_trades.trade_frame.machine_code.signatures)
    spot = np.broadcast_to(3.0, column.base.shape)
    column = HedgedAsset(spot, spot[:, :1], np.broadcast_to(0.25, (steps, 1)), "edge")
    orders, held, _ = trade(band_trades.trade_compiled, column, np.broadcast_to(0.0, before.shape))
    np.testing.assert_allclose(held, -2.75 / 3.0, rtol=1e-15)
    assert not orders[1:].any()
    assert len(band_trades.trade_frame.machine_code.signatures) == kinds


@pytest.mark.parametrize("paths", [1, 3, 200])
@pytest.mark.parametrize("fast", [False, True])
def test_a_drawdown_is_the_deepest_fall_from_the_highest_so_far(paths, fast, monkeypatch):
    if fast:
        pytest.importorskip("numba")
    monkeypatch.setattr(recording, "is_fast", lambda size: fast)  # noqa: ARG005
    equity = np.random.default_rng(paths).standard_normal((60, paths)).cumsum(axis=0)
    tally = Tally.of(equity[0])
    for part in np.split(equity[1:], [7, 30]):
        tally.follow(part)
    falls = [[max(path[:t]) - path[t - 1] for t in range(1, 61)] for path in equity.T]
    np.testing.assert_array_equal(tally.tallies["drawdown"], np.max(falls, axis=1))
    np.testing.assert_array_equal(tally.tallies["peak"], equity.max(axis=0))


@pytest.mark.parametrize("paths", [3, 200])
@pytest.mark.parametrize("fast", [False, True])
def test_an_unknown_equity_leaves_no_drawdown_known(paths, fast, monkeypatch):
    if fast:
        pytest.importorskip("numba")
    monkeypatch.setattr(recording, "is_fast", lambda size: fast)  # noqa: ARG005
    equity = np.ones((9, paths))
    equity[4, 1] = np.nan
    tally = Tally.of(equity[0])
    tally.follow(equity[1:])
    for name in ("peak", "drawdown"):
        assert np.flatnonzero(np.isnan(tally.tallies[name])).tolist() == [1]
