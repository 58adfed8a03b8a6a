"""Dated futures, linear and inverse: hedging.md, table 1."""

import numpy as np
import pytest
from hedgecore_derivatives import Future, InverseFuture, InversePerp, Perp
from mpmath import MPContext

from hedgecore import AssetError, Market, SpecError, build, enter, spec_of
from hedgecore.testing import check_instrument

NAN, INF = float("nan"), float("inf")
MP = MPContext()
MP.dps = 40
P0, SIZE, YEARS, BASIS = 3100.0, 0.5, 0.25, 0.08
GROWTH = float(MP.exp(MP.mpf(BASIS) * MP.mpf(YEARS)))
TERMS = {"name": "F", "underlying": "WETH", "contract_size": SIZE}
DATED = {**TERMS, "expiry_years": YEARS, "basis": BASIS}
LINEAR = Future(**DATED, entry_price=P0)
SETTLED = Future(**DATED, entry_price=P0, settlement="USDT")
INVERSE = InverseFuture(**DATED, entry_price=P0)
INVERSE_QUOTED = InverseFuture(**DATED, entry_price=P0, quote="USDT")
NEW = [
    each
    for coin in (None, "USDT")
    for each in (Future(**DATED, settlement=coin), InverseFuture(**DATED, quote=coin))
]
HELD = [LINEAR, SETTLED, INVERSE, INVERSE_QUOTED]
NAMES = ["linear", "settled", "inverse", "inverse-quoted"]
ALL_NAMES = [*NAMES, "new-linear", "new-inverse", "new-settled", "new-inverse-quoted"]
ALL = pytest.mark.parametrize("future", [*HELD, *NEW], ids=ALL_NAMES)
SPOTS = np.geomspace(30.0, 3e5, 41)


def market(weth=3000.0, usdt=0.96):
    return Market(prices={"WETH": weth, "USDT": usdt, "WBTC": 6e4}, numeraire="USD")


def coin_of(future):
    return future.quote if future.kind == "inverse-future" else future.settlement


def truth(future, spot, unit):
    """V, ∂V/∂S and ∂V/∂u in 40 digits, all inputs exact: the table's formulas as they stand."""
    c, entry, s, u = map(MP.mpf, (future.contract_size, future.entry_price, spot, unit))
    grown = MP.exp(MP.mpf(future.basis) * MP.mpf(future.expiry_years))
    forward = s * grown / u
    if future.kind == "inverse-future":
        return c * s * (1 / entry - 1 / forward), c / entry, -c / grown
    return c * u * (forward - entry), c * grown, -c * entry


@ALL
def test_value_and_delta_are_the_tables(future):
    held = enter(future, market())
    for spot in (1e-9, 0.3, 3000.0, 1e12):
        unit = 1.0 if coin_of(held) is None else 0.96
        exposure = held.exposure(market(spot))
        value, delta, coin = truth(held, spot, unit)
        gross = abs(spot * delta) + abs(unit * coin)
        assert abs(MP.mpf(float(exposure.value)) - value) <= 5e-16 * gross
        for mine, due in zip(exposure.delta, (delta, coin), strict=False):
            assert abs(MP.mpf(float(mine)) - due) <= 5e-16 * abs(due)
        assert not exposure.gamma.any()


def test_linear_delta_grows_with_the_forward():
    """∂S: c e^(bT), the forward's own slope; ∂u: -c P₀, if the coin is not the numeraire."""
    assert LINEAR.exposure(market()).delta.tolist() == pytest.approx([SIZE * GROWTH], rel=1e-15)
    exposure = SETTLED.exposure(market(SPOTS))
    assert exposure.assets == ("WETH", "USDT")
    assert exposure.delta[:, 0] == pytest.approx(np.full(41, SIZE * GROWTH), rel=1e-15)
    assert exposure.delta[:, 1] == pytest.approx(np.full(41, -SIZE * P0), rel=1e-15)


def test_inverse_delta_does_not_know_the_basis():
    """c S (1/P₀ - 1/F): c/P₀ while F/S is constant, whatever it is."""
    for basis in (-0.3, 0.0, 0.7):
        future = InverseFuture(**{**DATED, "basis": basis}, entry_price=P0)
        exposure = future.exposure(market(SPOTS))
        assert exposure.delta[:, 0] == pytest.approx(np.full(41, SIZE / P0), rel=1e-15)


def test_inverse_coin_view():
    """In coins the profit is c (1/P₀ - 1/F), its delta (c/F²) ∂F/∂S."""
    forward = SPOTS * GROWTH
    exposure = INVERSE.exposure(market(SPOTS))
    coins = exposure.value / SPOTS
    gross = SIZE * (1 / P0 + 1 / forward)
    assert np.all(np.abs(coins - SIZE * (1 / P0 - 1 / forward)) <= 1e-15 * gross)
    slope = (exposure.delta[:, 0] - coins) / SPOTS
    assert np.all(np.abs(slope - SIZE / forward**2 * GROWTH) <= 1e-15 * gross / SPOTS)


@pytest.mark.parametrize("settlement", [None, "USDT"])
@pytest.mark.parametrize("entry_price", [None, P0])
@pytest.mark.parametrize("days", [(0.0, BASIS), (YEARS, 0.0), (0.0, 0.0)])
def test_without_time_or_basis_it_is_the_perp(settlement, entry_price, days):
    years, basis = days
    terms = {**TERMS, "entry_price": entry_price}
    dated = {**terms, "expiry_years": years, "basis": basis}
    pairs = (
        (Future(**dated, settlement=settlement), Perp(**terms, settlement=settlement)),
        (InverseFuture(**dated, quote=settlement), InversePerp(**terms, quote=settlement)),
    )
    for future, perp in pairs:
        mine, other = future.exposure(market(SPOTS)), perp.exposure(market(SPOTS))
        assert mine.assets == other.assets
        assert np.array_equal(mine.value, other.value)
        assert np.array_equal(mine.delta, other.delta)


@pytest.mark.parametrize("future", NEW, ids=ALL_NAMES[4:])
def test_a_new_one_is_entered_at_the_forward_and_worth_nothing(future):
    assert np.all(future.worth(market(SPOTS)) == 0.0)
    held = enter(future, market())
    unit = 1.0 if coin_of(future) is None else 0.96
    assert held.entry_price == pytest.approx(3000.0 / unit * GROWTH, rel=1e-15)
    assert enter(held, market(1.0)) is held
    before, after = future.exposure(market()), held.exposure(market())
    assert after.delta == pytest.approx(before.delta, rel=1e-15)
    assert abs(after.value) <= 1e-15 * np.abs(after.delta[0]) * 3000.0
    with pytest.raises(SpecError, match=r"entry_price: must be a number"):
        future.enter(market(SPOTS))


@pytest.mark.parametrize("future", [SETTLED, INVERSE_QUOTED, *NEW[2:]])
def test_euler_with_the_settlement_coin(future):
    exposure = future.exposure(market(SPOTS))
    off = np.abs(exposure.delta_cash.sum(axis=-1) - exposure.value)
    assert np.all(off <= 1e-15 * np.abs(exposure.delta_cash).sum(axis=-1))


@ALL
@pytest.mark.parametrize("asset", ["WETH", "USDT"])
def test_delta_is_the_derivative_of_worth(future, asset):
    """Linear in every price once entered, so that differences of any size are exact."""
    prices, held = {"WETH": 3000.0, "USDT": 0.96}, enter(future, market())
    exposure = held.exposure(market())
    delta = dict(zip(exposure.assets, exposure.delta, strict=True)).get(asset, 0.0)
    step = 0.5 * prices[asset]
    ends = [Market(prices={**prices, asset: prices[asset] + s}) for s in (step, -step)]
    slope = (held.worth(ends[0]) - held.worth(ends[1])) / (2 * step)
    assert slope == pytest.approx(float(delta), rel=1e-13, abs=1e-13)


@ALL
def test_worth_is_the_exposures_value_in_every_shape(future):
    for shape in ((), (3,), (2, 3)):
        there = market(np.linspace(1500, 6000, int(np.prod(shape))).reshape(shape))
        worth, exposure = future.worth(there), future.exposure(there)
        assert np.shape(worth) == shape == exposure.value.shape
        assert exposure.delta.shape == (*shape, len(exposure.assets))
        assert exposure.gamma.shape == (*shape, *2 * exposure.delta.shape[-1:])
        assert (worth == exposure.value).all()


@ALL
def test_it_keeps_the_laws_of_instruments(future):
    check_instrument(future)


@ALL
def test_tables_round_trip(future):
    assert build(spec_of(future)) == future
    assert hash(build(spec_of(future))) == hash(future)


def test_the_underlying_is_no_settlement_coin():
    for future, its in ((LINEAR, r"^future\.settlement"), (INVERSE, r"^inverse-future\.quote")):
        with pytest.raises(SpecError, match=f"{its}: must be given"):
            future.exposure(Market(prices={"USDT": 1 / 3000}, numeraire="WETH"))


def test_a_missing_price_is_an_asset_error():
    with pytest.raises(AssetError, match="'USDT'"):
        SETTLED.exposure(Market(prices={"WETH": 3000.0}, numeraire="USD"))


WRONG = [
    *[("underlying", ""), ("settlement", "WETH"), ("settlement", ""), ("contract_size", 0)],
    *[("entry_price", 0.0), ("entry_price", INF), ("expiry_years", -0.1), ("expiry_years", NAN)],
    *[("expiry_years", None), ("basis", INF), ("basis", "8%"), ("basis", 401.0), ("basis", -401.0)],
    *[("expiry", 1.0), ("expiry", "soon"), ("expiry", NAN), ("lot", -1), ("fee", 1.0)],
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(SpecError) as caught:
        Future(**{**Future.example, field: value})
    assert (caught.value.kind, caught.value.field) == ("future", field)


def test_a_dated_future_has_no_funding_and_must_have_a_date():
    with pytest.raises(SpecError, match="funding_rate"):
        build({"kind": "future", **Future.example, "funding_rate": 1e-4})
    with pytest.raises(SpecError, match="needs expiry_years"):
        build({"kind": "future", "name": "F", "underlying": "WETH"})


def test_steep_bases_stay_finite():
    for basis in (-400.0, 400.0):
        steep = Future(**{**DATED, "basis": basis}, entry_price=P0)
        assert np.isfinite(steep.worth(market(SPOTS))).all()
