"""Labels of series and frames: aligned, or refused; with neither library installed."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.errors import AssetError, PriceError, SpecError
from hedgecore.market.exposure import Exposure

ASSETS = ("WETH", "USDC", "WBTC")
COVARIANCE = np.array([[0.64, 0.0, 0.3], [0.0, 1e-4, 0.0], [0.3, 0.0, 0.36]])
GAMMA = {("WETH", "WETH"): -3.0, ("WETH", "WBTC"): -0.01, ("WBTC", "WBTC"): -2e-4}
MARKET = hc.Market(prices={"WETH": 2000.0, "USDC": 1.0, "WBTC": 60_000.0})
EXPOSED = Exposure.of(MARKET, 0.0, dict.fromkeys(ASSETS, 1.0), GAMMA)


class Series:
    """A labelled series, as pandas has them."""

    def __init__(self, values, index):
        self.values, self.index = np.asarray(values), list(index)

    def to_numpy(self):
        return self.values

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype or float)


class PolarsFrame:
    """A frame with names of its columns and none of its rows, as polars has them."""

    def __init__(self, values, columns):
        self.values, self.columns = np.asarray(values), list(columns)

    def to_numpy(self):
        return self.values

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype or float)


class PandasFrame(PolarsFrame):
    """A frame with names of both."""

    def __init__(self, values, columns, index):
        super().__init__(values, columns)
        self.index = list(index)


def turned(order, rows=None):
    """Return the covariance with its columns, and its rows, in other orders."""
    rows = order if rows is None else rows
    return COVARIANCE[np.ix_([*map(ASSETS.index, rows)], [*map(ASSETS.index, order)])]


ORDERS = [("WETH", "USDC", "WBTC"), ("WBTC", "WETH", "USDC"), ("USDC", "WBTC", "WETH")]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("rows", ORDERS)
def test_a_covariance_is_read_by_its_labels_in_any_order(order, rows):
    expected = EXPOSED.lvr_rate(COVARIANCE)
    assert EXPOSED.lvr_rate(PandasFrame(turned(order, rows), order, rows)) == expected
    assert EXPOSED.lvr_rate(PolarsFrame(turned(order), order)) == expected


def test_more_assets_than_are_held_are_left_out():
    wide = np.zeros((4, 4))
    wide[:3, :3], wide[3, 3] = COVARIANCE, 9.0
    names = [*ASSETS, "SOL"]
    assert EXPOSED.lvr_rate(PandasFrame(wide, names, names)) == EXPOSED.lvr_rate(COVARIANCE)


@pytest.mark.parametrize(
    ("frame", "error", "why"),
    [
        (PandasFrame(COVARIANCE, ASSETS, range(3)), SpecError, "labels are names of assets"),
        (PandasFrame(COVARIANCE, ASSETS, ("WETH", "USDC", "SOL")), AssetError, "WBTC"),
        (PandasFrame(COVARIANCE, ("WETH", "USDC", "WETH"), ASSETS), SpecError, "two are labelled"),
        (PolarsFrame(COVARIANCE[:2], ASSETS), SpecError, "square"),
        (PolarsFrame(turned(ORDERS[1], ORDERS[0]), ORDERS[1]), SpecError, "rows in the order"),
    ],
)
def test_a_frame_whose_order_is_not_known_is_refused(frame, error, why):
    with pytest.raises(error, match=why):
        EXPOSED.lvr_rate(frame)


def test_prices_are_a_series_labelled_by_asset_or_a_frame_of_them():
    prices = Series([60_000.0, 1.0, 2000.0], ["WBTC", "USDC", "WETH"])
    assert hc.Market(prices=prices) == hc.Market(
        prices={"WBTC": 60_000.0, "USDC": 1.0, "WETH": 2000.0}
    )
    table = PolarsFrame([[2000.0, 1.0], [2100.0, 1.0]], ["WETH", "USDC"])
    np.testing.assert_array_equal(hc.Market(prices=table).price("WETH"), [2000.0, 2100.0])


@pytest.mark.parametrize(
    "prices", [Series([1.0], [0]), [2000.0, 1.0], {1.0}, Series([1.0, 2.0], ["A", "A"])]
)
def test_prices_without_names_are_refused(prices):
    with pytest.raises(SpecError, match="prices"):
        hc.Market(prices=prices)


def test_series_of_prices_with_other_rows_are_refused():
    one, two = Series([1.0, 2.0], ["mon", "tue"]), Series([3.0, 4.0], ["tue", "wed"])
    assert hc.Market(prices={"A": one, "B": one}).shape == (2,)
    with pytest.raises(SpecError, match=r"prices\.A and prices\.B have differently labelled rows"):
        hc.Market(prices={"A": one, "B": two})


TWICE = Series([1.0, 2.0], ["mon", "mon"])
WEEK = Series([1.0, 2.0], ["mon", "tue"])
TURNED = Series([1.0, 2.0], ["tue", "mon"])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"prices": {"A": TWICE}}, r"prices\.A has two rows labelled 'mon'"),
        ({"prices": PandasFrame([[1.0], [2.0]], ["A"], ["mon", "mon"])}, "prices has two rows"),
        ({"prices": {"A": WEEK}, "vols": {"A": TURNED}}, r"prices\.A and vols\.A have differently"),
        ({"prices": {"A": 1.0}, "rates": {"A": TWICE}}, r"rates\.A has two rows labelled 'mon'"),
        ({"prices": {"A": 1.0}, "vols": {"A": WEEK}, "rates": {"A": TURNED}}, "vols.A and rates.A"),
    ],
)
def test_rows_labelled_twice_or_in_another_order_are_refused(given, why):
    with pytest.raises(SpecError, match=why):
        hc.Market(**given)


def test_a_shift_takes_series_and_frames_as_a_market_does():
    assert MARKET.shifted(prices=Series([2100.0], ["WETH"])).price("WETH") == 2100.0
    with pytest.raises(SpecError, match="two are labelled 'WETH'"):
        MARKET.shifted(prices=Series([2100.0, 2200.0], ["WETH", "WETH"]))
    with pytest.raises(SpecError, match=r"prices\.WETH and prices\.WBTC have differently"):
        MARKET.shifted(prices={"WETH": WEEK, "WBTC": TURNED})


def test_a_loss_since_entry_is_of_rows_that_are_alike():
    pool = hc.build({"kind": "uniswap-v2", "assets": ["A", "B"], "reserves": [1.0, 2.0]})
    assert hc.impermanent_loss(pool, WEEK, WEEK).tolist() == [0.0, 0.0]
    with pytest.raises(SpecError, match="differently labelled rows"):
        hc.impermanent_loss(pool, WEEK, TURNED)


def test_a_portfolio_takes_one_number_of_each():
    with pytest.raises(SpecError, match="it must be one finite number"):
        hc.Portfolio([("coins", hc.Balance("A"), WEEK)])


def test_a_pool_refuses_prices_labelled_by_asset():
    pool = hc.build(
        {"kind": "balancer-weighted", "assets": ["A", "B", "C"], "weights": [0.3, 0.3, 0.4],
         "balances": [1.0, 2.0, 3.0]}
    )  # fmt: skip
    with pytest.raises(PriceError, match="a series labelled B, A is no array"):
        pool.delta(Series([1.0, 2.0], ["B", "A"]))
    np.testing.assert_array_equal(pool.delta(Series([1.0, 2.0], [0, 1])), pool.delta([1.0, 2.0]))


def test_a_pool_refuses_a_frame_of_prices():
    pool = hc.build(
        {"kind": "balancer-weighted", "assets": ["A", "B", "C"], "weights": [0.3, 0.3, 0.4],
         "balances": [1.0, 2.0, 3.0]}
    )  # fmt: skip
    with pytest.raises(PriceError, match="to_numpy"):
        pool.delta(PolarsFrame([[1.0, 2.0]], ["B", "A"]))


def test_what_is_masked_is_unknown_and_no_price():
    """An array of numpy.ma keeps some number below its mask, which no conversion may bring up."""
    masked = np.ma.array([2000.0, 1e20], mask=[False, True])
    with pytest.raises(PriceError, match="the price of 'WETH' is masked"):
        hc.Market(prices={"WETH": masked})
    whole = np.ma.array([2000.0, 2100.0], mask=[False, False])
    assert hc.Market(prices={"WETH": whole}).price("WETH").tolist() == [2000.0, 2100.0]


def test_pandas_itself():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(turned(ORDERS[1], ORDERS[2]), columns=ORDERS[1], index=ORDERS[2])
    assert EXPOSED.lvr_rate(frame) == EXPOSED.lvr_rate(COVARIANCE)
    prices = pandas.Series({"WBTC": 60_000.0, "USDC": 1.0, "WETH": 2000.0})
    assert hc.Market(prices=prices) == MARKET
    with pytest.raises(SpecError, match="labels are names"):
        EXPOSED.lvr_rate(pandas.DataFrame(COVARIANCE))
    days = pandas.to_datetime(["2026-01-01", "2026-01-01"])
    with pytest.raises(SpecError, match="has two rows labelled '2026-01-01"):
        hc.Market(prices=pandas.DataFrame({"WETH": [2000.0, 2100.0]}, index=days))


def test_polars_itself():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(turned(ORDERS[2]), schema=list(ORDERS[2]))
    assert EXPOSED.lvr_rate(frame) == EXPOSED.lvr_rate(COVARIANCE)
    table = polars.DataFrame({"WETH": [2000.0, 2100.0], "USDC": [1.0, 1.0]})
    assert hc.Market(prices=table).shape == (2,)
