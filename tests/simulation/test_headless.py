"""Files of history as venues write them: without a head, in other cases, Binance's candles."""

import numpy as np
import pytest

import hedgecore as hc

START = 1_764_547_200
CLOSES = [2000.0, 2010.5, 1990.25]
PLAIN = "".join(f"{START + 3600 * i},{price}\n" for i, price in enumerate(CLOSES))


def candles(unit):
    """Rows of Binance: open time, open, high, low, close, volume, close time, quote volume, …"""
    return "".join(
        f"{(START + 3600 * i) * unit},1,1,1,{price},5,{(START + 3600 * (i + 1)) * unit - 1},"
        f"{5 * price},9,1,1,0\n"
        for i, price in enumerate(CLOSES)
    )


def history(tmp_path, text, **settings):
    path = tmp_path / "rows.csv"
    path.write_text(text, encoding="utf-8")
    spec = {"kind": "replay", "files": [str(path)], "asset": "WETH", **settings}
    return hc.build(spec).history


def test_columns_of_a_file_without_a_head_go_by_number(tmp_path):
    found = history(tmp_path, PLAIN, columns={"time": 1, "price": 2})
    assert found.prices["WETH"].tolist() == CLOSES
    assert found.seconds.tolist() == [START + 3600 * i for i in range(3)]


def test_the_head_may_be_in_any_case(tmp_path):
    found = history(tmp_path, f"Time,CLOSE\n{PLAIN}")
    assert found.prices["WETH"].tolist() == CLOSES
    named = history(tmp_path, f"When,Eth\n{PLAIN}", columns={"time": "when", "price": "ETH"})
    assert named.prices["WETH"].tolist() == CLOSES


def test_numbers_that_pandas_gives_as_names_are_a_head(tmp_path):
    found = history(tmp_path, f"0,1\n{PLAIN}", columns={"time": "0", "price": "1"})
    assert found.prices["WETH"].tolist() == CLOSES


@pytest.mark.parametrize("unit", [1_000, 1_000_000], ids=["ms", "us"])
@pytest.mark.parametrize("head", ["", "open_time,o,h,l,c,v,close_time,q,n,b,a,i\n"])
def test_candles_of_binance_are_at_their_close(tmp_path, unit, head):
    found = history(tmp_path, head + candles(unit), layout="binance-klines")
    assert found.seconds.tolist() == [START + 3600 * (i + 1) for i in range(3)]
    assert found.prices["WETH"].tolist() == CLOSES
    np.testing.assert_array_equal(found.rows["volume:WETH"], 5 * np.array(CLOSES))


def test_a_close_is_not_taken_for_the_price_at_the_open(tmp_path):
    """A run would look one candle ahead, and take volume in coins for volume in the quote."""
    text = "Open_Time,o,h,l,close,v,close_time,q,n,b,a,i\n" + candles(1000)
    with pytest.raises(hc.SpecError, match=r"candles.*Open_Time.*layout = 'binance-klines'"):
        history(tmp_path, text)
    found = history(tmp_path, text, columns={"time": "close_time"})
    assert found.seconds[0] == pytest.approx(START + 3600, abs=0.01)
    assert history(tmp_path, text, layout="binance-klines").prices["WETH"].tolist() == CLOSES


def test_what_are_no_candles_is_said(tmp_path):
    with pytest.raises(hc.SpecError, match="has 2 columns, and Binance's candles have"):
        history(tmp_path, PLAIN, layout="binance-klines")


@pytest.mark.parametrize("column", [0, True, "", 1.5])
def test_what_is_no_column_is_said(tmp_path, column):
    with pytest.raises(hc.SpecError, match="its name, or its number from 1"):
        history(tmp_path, PLAIN, columns={"price": column})
