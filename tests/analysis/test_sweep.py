"""Sweeps read gamma per 1 % as the tables of a book do."""

import numpy as np
import pytest

pytest.importorskip("hedgecore_curve_stableswap", reason="a peg that is steeper than 1 %")
pytest.importorskip("hedgecore_derivatives", reason="what is traded")

import hedgecore as hc
from hedgecore.analysis.greeks import book_greeks
from hedgecore.analysis.sweep import sweep
from hedgecore.report import sweep as report

COINS = ["DAI", "USDC", "USDT"]
POOL = {
    "name": "3pool", "kind": "curve-stableswap", "assets": COINS, "amplification": 2000,
    "balances": [6663.6] * 3,
}  # fmt: skip
BOOK = {
    "prices": dict.fromkeys(COINS, 1.0),
    "position": [{**POOL, "at": "market"}],
    "instrument": [{"name": "DAI-PERP", "kind": "perp", "underlying": "DAI"}],
}


def test_gamma_per_1_percent_is_that_of_the_greeks_before_and_after():
    book = hc.Book.from_tables(BOOK)
    found = sweep(book, "DAI", np.array([0.99, 1.0, 1.01]))
    total = book_greeks(book).total
    assert total.gamma_cash[0, 0] == pytest.approx(-7768.0, abs=1.0)
    for curve in (found.before, found.after):
        assert curve.gamma_cash[1] == pytest.approx(total.gamma_cash[0, 0], rel=1e-12)
        assert 0.01 * curve.gamma[1] == pytest.approx(-88892.0, abs=1.0)  # ∂delta/∂price stays
    assert found.move == report.document(found)["gamma_move"] == 0.01
    assert "per 1 % move, effective" in report.tables(found)[1].title


def test_the_move_is_that_of_the_book():
    book = hc.Book.from_tables({**BOOK, "hedge": {"move": 0.001}})
    found = sweep(book, "DAI", np.array([1.0, 1.01]), hedging=False)
    total = book_greeks(book).total
    assert found.before.gamma_cash[0] == pytest.approx(total.gamma_cash[0, 0], rel=1e-12)


def test_where_no_density_misleads_the_sweep_has_densities():
    plain = {"name": "coins", "kind": "spot", "asset": "DAI", "amount": 3.0}
    book = hc.Book.from_tables({**BOOK, "position": [plain]})
    found = sweep(book, "DAI", np.array([0.9, 1.1]))
    assert found.move is None
    assert "effective" not in report.tables(found)[1].title
