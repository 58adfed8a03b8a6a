"""`hedgecore hedge --plot`: a picture beside the tables, of each asset that is hedged."""

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")


import hedgecore as hc
from books import BOOK


@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
@pytest.mark.sample(1)
def test_a_hedge_is_drawn_beside_its_tables(call, ranged, suffix, start):
    pytest.importorskip("matplotlib")
    path = ranged.parent / f"hedge.{suffix}"
    done = call("hedge", ranged, "--plot", path)
    assert done.exit_code == 0
    assert "Orders" in done.stdout
    assert path.read_bytes().startswith(start)


def test_the_picture_has_value_profit_and_delta_of_each_asset_that_is_hedged():
    pytest.importorskip("matplotlib")
    from hedgecore.analysis.sweep import sweeps  # noqa: PLC0415
    from hedgecore.report.charts.hedge import draw  # noqa: PLC0415

    book = hc.Book.load(BOOK)
    answer = book.hedge()
    drawn = sweeps(book, answer)
    assert [each.asset for each in drawn] == ["WETH", "WBTC"]
    panels = draw(drawn).axes
    names = [each.texts[0].get_text() for each in panels]
    assert names == ["Value of the book, USD"] * 2 + ["Profit, USD"] * 2 + [
        "Delta, WETH",
        "Delta, WBTC",
    ]
    before, after = panels[2].lines[:2]
    price = float(book.market.price("WETH"))
    for line in (before, after):
        at = line.get_xdata() == price
        assert abs(line.get_ydata()[at]).max() < 1.0  # 850,000 USD, and a pool beside its market
    there = book.market.shifted(prices={"WETH": before.get_xdata()})
    found = hc.scenario(book, there, hedge=answer)
    np.testing.assert_allclose(after.get_ydata(), found.after.full, atol=1e-6)
    only = sweeps(book, answer, ["DAI"])
    assert [each.asset for each in only] == ["DAI"]


BAD = {
    "no picture": ("--plot", "x.doc"),
    "no folder": ("--plot", "/no/such/folder/x.png"),
    "the numeraire": ("--plot", "x.png", "--asset", "USD"),
    "an unknown asset": ("--plot", "x.png", "--asset", "WTH"),
    "an asset and no plot": ("--asset", "WETH"),
}


@pytest.mark.parametrize("words", BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(call, ranged, words):
    done = call("hedge", ranged, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
