"""Results as a type checker knows them: of `hc.build(table, cls)`, of names, of Greeks."""

import subprocess
import sys

import pytest

import hedgecore as hc

TABLE = {"kind": "perp", "name": "P", "underlying": "WETH"}
KNOWN = """
from typing import Any, assert_type
import numpy as np
from numpy.typing import NDArray
import hedgecore as hc
from hedgecore.hedging.summary import InstrumentTrade
from hedgecore.market.exposure import AssetGreeks
from hedgecore_derivatives import Perp
table: dict[str, Any] = {"kind": "perp", "name": "P", "underlying": "WETH"}
assert_type(hc.build(table, Perp), Perp)
assert_type(hc.build(table), Any)

def results(book: hc.Book, pool: hc.PoolModel, scenario: hc.Scenario) -> None:
    assert_type(book.hedge()["ETH-PERP"], InstrumentTrade)
    assert_type(book.hedge().before["WETH"], AssetGreeks)
    assert_type(book.market["WETH"], NDArray[np.float64])
    assert_type(book["lp"], hc.Position | hc.Instrument)
    assert_type(scenario["after"], hc.Profit)
    assert_type(hc.Hedge.load("hedge.json"), hc.Hedge)
    assert_type(pool.value(2000.0), NDArray[np.float64])
    assert_type(pool.greeks(2000.0).delta, NDArray[np.float64])
"""


def test_the_class_that_is_asked_for_is_built_or_refused():
    derivatives = pytest.importorskip("hedgecore_derivatives")
    assert type(hc.build(TABLE, derivatives.Perp)) is derivatives.Perp
    with pytest.raises(hc.SpecError, match="kind: 'perp' is no PoolModel"):
        hc.build(TABLE, hc.PoolModel)


@pytest.mark.campaign
def test_a_type_checker_knows_what_is_built_and_found(tmp_path):
    pytest.importorskip("mypy")
    pytest.importorskip("hedgecore_derivatives")
    code = tmp_path / "known.py"
    code.write_text(KNOWN, encoding="utf-8")
    options = ("--strict", "--python-version=3.11", f"--cache-dir={tmp_path}", "--config-file=")
    done = subprocess.run(  # noqa: S603 - mypy on a file of this test
        [sys.executable, "-m", "mypy", *options, code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
