"""Prices in blocks: as many as one likes, with the numbers of one block."""

import numpy as np
import pytest

from hedgecore.pools import evaluation


@pytest.mark.parametrize("size", [0, 1, evaluation.BLOCK, 70_001])
def test_blocks_cover_the_axis_once(size):
    spans = list(evaluation.blocks(size))
    assert np.array_equal(np.concatenate([np.arange(size)[span] for span in spans]), range(size))
    assert all(span.stop - span.start <= evaluation.BLOCK for span in spans)
    assert spans


@pytest.mark.parametrize("m", [1, 2])
def test_many_blocks_give_the_numbers_of_one(monkeypatch, product, weighted, m):
    pool = (
        product(assets=("A", "B"), depth=10.0)
        if m == 1
        else weighted(assets=("A", "B", "C"), weights=(0.5, 0.2, 0.3), depth=4.0)
    )
    price = np.random.default_rng(1).uniform(0.5, 2.0, (30, 3) if m == 1 else (30, 3, m))
    whole = pool.greeks(price)
    monkeypatch.setattr(evaluation, "BLOCK", 14)
    parts = pool.greeks(price)
    for one, other in zip(whole, parts, strict=True):
        assert np.allclose(one, other, rtol=1e-15, atol=0)
    for name in ("value", "delta", "gamma"):
        assert np.array_equal(getattr(pool, name)(price), getattr(parts, name))
