"""Effective gamma: how delta changes over a move that happens, of anything priced."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.books.book import Book
from hedgecore.errors import HedgeError
from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.market.claims import Multiple
from hedgecore.market.effective_gamma import effective_exposure, effective_gamma
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio, Tradable

V2 = hc.build({"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 20_000.0]})
MARKET = Market(prices={"WETH": 2000.0, "USDC": 1.0})
COINS = ("DAI", "USDC", "USDT")
PAR = Market(prices=dict.fromkeys(COINS, 1.0))
STEEP = hc.build(
    {"kind": "curve-stableswap", "assets": [*COINS], "amplification": 2000,
     "balances": [6663.6] * 3}
)  # fmt: skip


def own(exposure, asset):
    """Return delta in cash, and what it changes per 1 % of the asset's own price."""
    i = exposure.assets.index(asset)
    return float(exposure.delta_cash[i]), float(exposure.gamma_cash[i, i])


def test_a_peg_steeper_than_the_move_says_what_the_move_does():
    """The density says that 1 % changes a delta of 6 664 by 88 892: no move does."""
    delta, density = own(STEEP.exposure(PAR), "DAI")
    assert (round(delta), round(density)) == (6664, -88892)
    at = {by: PAR.shifted(prices={"DAI": 1.0 + by}) for by in (0.01, -0.01)}
    up, down = (float(STEEP.exposure(each).delta[0]) for each in at.values())
    for asset in COINS:
        _, found = own(effective_exposure(STEEP, PAR), asset)
        assert found == pytest.approx((up - down) / 2.0, rel=1e-9)
    assert int(1.01 * up - delta) == -5665  # what a rise of 1 % does to the delta in cash
    assert down < 3 * delta


def test_a_move_of_the_numeraire_is_a_move_of_all_others():
    in_dai = Market(prices=dict.fromkeys(COINS, 1.0), numeraire="DAI")
    gammas = [own(effective_exposure(STEEP, in_dai), asset)[1] for asset in COINS]
    np.testing.assert_allclose(gammas, gammas[0], rtol=1e-3)
    assert gammas[0] == pytest.approx(own(effective_exposure(STEEP, PAR), "DAI")[1], rel=1e-3)


def test_a_ladder_of_bins_has_the_gamma_of_its_steps():
    bins = [[-i, 0.0, 100.0 * 0.999**i] for i in range(1, 40)]
    bins += [[i, 1.0, 0.0] for i in range(1, 40)]
    pool = hc.build(
        {"kind": "liquidity-bins", "assets": ["A", "B"], "bin_step": 10, "bins": bins, "zero_id": 0}
    )
    market = Market(prices={"A": 1.0, "B": 1.0})
    assert own(pool.exposure(market), "A")[1] == 0.0
    jumps = sum(mass for price, mass in pool.atoms() if 0.99 < price <= 1.01)
    assert own(effective_exposure(pool, market), "A")[1] == pytest.approx(jumps / 2.0, rel=1e-12)


def test_an_infinite_density_has_a_finite_effective_gamma():
    pool = hc.build({"kind": "solidly-stable", "assets": ["A", "B"], "reserves": [500.0, 500.0]})
    market = Market(prices={"A": 1.0, "B": 1.0})
    assert own(pool.exposure(market), "A")[1] == -np.inf
    up, down = (float(pool.delta(price)) for price in (1.01, 0.99))
    assert own(effective_exposure(pool, market), "A")[1] == pytest.approx((up - down) / 2.0)


@pytest.mark.parametrize("priced", [V2, V2.at_state()])
def test_what_is_smooth_keeps_its_density_to_the_last_bit(priced):
    plain, found = priced.exposure(MARKET), effective_exposure(priced, MARKET)
    for name in ("value", "delta", "gamma"):
        np.testing.assert_array_equal(getattr(found, name), getattr(plain, name))


def test_it_is_the_central_difference_of_every_delta_and_symmetric():
    h = 0.03
    found = effective_gamma(V2, MARKET, h)
    for j, asset in enumerate(("WETH", "USDC")):
        price = float(MARKET.price(asset))
        up, down = (
            float(V2.exposure(MARKET.shifted(prices={asset: price * (1 + by)})).delta[j])
            for by in (h, -h)
        )
        assert found[j, j] == pytest.approx((up - down) / (2 * h * price), rel=1e-13)
    np.testing.assert_array_equal(found, found.T)


def test_a_pool_at_its_own_state_moves_along_its_curve_from_there():
    """27 M of two coins and 108 M of the third, at a market of par: nothing of it is at par."""
    pool = hc.build(
        {"kind": "curve-stableswap", "assets": [*COINS], "amplification": 4000,
         "balances": [27e6, 28e6, 108e6]}
    )  # fmt: skip
    state, spot = pool.at_state(), np.append(pool.spot(), 1.0)
    found = effective_exposure(state, PAR)
    np.testing.assert_allclose(found.delta, [27e6, 28e6, 108e6], rtol=1e-9)
    for j, asset in enumerate(COINS):
        sides = []
        for factor in (1.01, 0.99):
            prices = spot * np.where(np.arange(3) == j, factor, 1.0)
            moved = Market(prices=dict(zip(COINS, prices, strict=True)))
            sides.append(float(pool.exposure(moved).delta[j]))
        assert own(found, asset)[1] == pytest.approx((sides[0] - sides[1]) / 2.0, rel=1e-9)
        assert own(state.exposure(PAR), asset)[1] < 2 * own(found, asset)[1]


def ladder(count):
    """Return ranges of one pool, half of which end within 1 % of its price."""
    made = {"kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 1000.0, "price": 2000.0}
    edges = np.linspace(1900.0, 2000.5, count)
    return [hc.build({**made, "lower": low, "upper": low + 15.0}) for low in edges]


@pytest.mark.parametrize("count", [10, 80])
def test_parts_add_up_to_the_whole_of_few_and_of_many(count):
    parts = [(str(i), each.at_state(), 1.0 + i) for i, each in enumerate(ladder(count))]
    whole = effective_exposure(Portfolio(parts), MARKET)
    one_by_one = sum(k * effective_gamma(each, MARKET) for _, each, k in parts)
    np.testing.assert_allclose(effective_gamma(Portfolio(parts), MARKET), one_by_one, rtol=1e-11)
    if count < 64:
        exposed = sum(k * effective_exposure(each, MARKET) for _, each, k in parts)
        np.testing.assert_allclose(whole.gamma, exposed.gamma, rtol=1e-12)
    assert own(whole, "WETH")[1] != own(Portfolio(parts).exposure(MARKET), "WETH")[1]


def test_it_is_taken_over_underlying_assets():
    market = Market(prices={"WETH": 2000.0, "USD": 1.0}, assets={"stETH": Multiple("WETH")})
    pool = hc.build(
        {"kind": "curve-stableswap", "assets": ["stETH", "WETH"], "amplification": 1000,
         "balances": [50.0, 50.0]}
    )  # fmt: skip
    found = effective_exposure(pool, market)
    assert found.assets == ("WETH",)
    assert abs(float(found.gamma_cash[0, 0])) < 1e-6
    assert float(found.delta[0]) == pytest.approx(100.0, rel=1e-12)


class Fixed:
    """An exposure that is known, and no function of the market."""

    name, hedges, contract_size, lot, min_size, fee = "FIX", ("WETH",), 1.0, 0.0, 0.0, None

    def worth(self, market):
        return self.exposure(market).value

    def exposure(self, market):  # noqa: ARG002 - it is known
        return Exposure.of(MARKET, 10.0, {"WETH": 1.0}, {("WETH", "WETH"): -0.5})


def test_what_does_not_move_at_all_keeps_its_density():
    np.testing.assert_array_equal(effective_exposure(Fixed(), MARKET).gamma, [[-0.5]])


def test_hedges_of_gamma_are_of_the_effective_one():
    market = Market(prices={"DAI": 1.0, "USDC": 1.0})
    pool = hc.build(
        {"kind": "solidly-stable", "assets": ["DAI", "USDC"], "reserves": [500.0, 500.0]}
    )
    steep = hc.build(
        {"kind": "curve-stableswap", "assets": ["DAI", "USDC"], "amplification": 5000,
         "balances": [100.0, 100.0]}
    )  # fmt: skip
    with_ = (Tradable("LP", steep, "DAI"),)
    problem = HedgeProblem(pool, with_, market, HedgeRequest(neutral=("gamma",), assets="DAI"))
    rows = problem.open_greeks("gamma"), problem.unit_greeks("gamma")
    for its, found in zip((pool, steep), rows, strict=True):
        assert found.item() == pytest.approx(own(effective_exposure(its, market), "DAI")[1])
    answer = hc.hedge(pool, with_=with_, market=market, request=problem.request)
    assert answer.quantities["LP"] == pytest.approx(-rows[0].item() / rows[1].item())
    assert "per 1 % move, effective" in str(answer)
    assert np.isfinite(answer.effective.before.gamma).all()


def test_the_move_is_the_requests():
    tables = {
        "prices": dict.fromkeys(COINS, 1.0),
        "position": [{"name": "3pool", "kind": "curve-stableswap", "assets": [*COINS],
                      "amplification": 2000, "balances": [6663.6] * 3, "at": "market"}],
        "instrument": [{"name": "P", "kind": "perp", "underlying": "DAI"}],
        "hedge": {"move": 0.05},
    }  # fmt: skip
    answer = Book.from_tables(tables).hedge()
    i = answer.effective.before.assets.index("DAI")
    found = float(answer.effective.before.gamma[i, i])
    assert found == pytest.approx(effective_gamma(STEEP, PAR, 0.05)[0, 0], rel=1e-12)
    assert "effective over 5.00 % either way" in str(answer)


@pytest.mark.parametrize("move", [0.0, 1.0, -0.01, float("nan"), "0.01", True])
def test_a_move_is_a_fraction(move):
    with pytest.raises(HedgeError, match="`move` is a fraction"):
        HedgeRequest(move=move)


def test_a_contract_is_revalued_as_it_was_entered():
    """An inverse perp that is entered anew at each price has a delta that no trader has."""
    perp = hc.build(
        {"kind": "inverse-perp", "name": "P", "underlying": "WBTC", "contract_size": 100.0}
    )
    market = Market(prices={"WBTC": 60_000.0})
    plain = perp.exposure(market)
    np.testing.assert_array_equal(effective_exposure(perp, market).gamma, plain.gamma)


def test_at_each_market_of_an_array_it_is_that_of_the_market_alone():
    """What is entered is entered at one price: an option by itself, in a book, and as traded."""
    pytest.importorskip("hedgecore_derivatives", reason="an option has a kink")
    put = hc.build(
        {"kind": "option", "name": "P", "underlying": "WETH", "option_type": "put",
         "strike": 2000.0, "expiry_years": 5e-4, "vol": 0.7}
    )  # fmt: skip
    book = Portfolio([("put", put, -3.0), ("pool", V2, 1.0)])
    for priced in (put, book, Tradable("traded", put, hedges="WETH")):
        prices = np.array([1900.0, 2000.0, 2015.0])
        markets = MARKET.shifted(prices={"WETH": prices})
        many = effective_exposure(priced, markets)
        assert not np.allclose(many.gamma, priced.exposure(markets).gamma, rtol=0.01, atol=0.0)
        for i, price in enumerate(prices.tolist()):
            alone = effective_exposure(priced, MARKET.shifted(prices={"WETH": price}))
            np.testing.assert_allclose(many.gamma[i], alone.gamma, rtol=1e-12, atol=1e-18)


DATED = {"underlying": "WETH", "strike": 2000.0, "expiry_years": 5e-4, "vol": 0.7}


@pytest.mark.parametrize("numeraire", ["USD", "USDC"])
@pytest.mark.parametrize("kind", ["option", "inverse-option", "perp", "inverse-perp"])
def test_whether_its_entry_matters_or_not_it_is_that_of_each_market_alone(kind, numeraire):
    pytest.importorskip("hedgecore_derivatives", reason="the contracts are its own")
    terms = {"underlying": "WETH"} if "perp" in kind else DATED
    contract = hc.build({"kind": kind, "name": "C", **terms})
    market = Market(prices={"WETH": 2000.0, "USDC": 1.0}, numeraire=numeraire)
    prices = np.array([1900.0, 2000.0, 2015.0])
    many = effective_gamma(contract, market.shifted(prices={"WETH": prices}))
    for i, price in enumerate(prices.tolist()):
        alone = effective_gamma(contract, market.shifted(prices={"WETH": price}))
        np.testing.assert_allclose(many[i], alone, rtol=1e-12, atol=1e-18)


def test_a_contract_whose_entry_does_not_matter_is_asked_at_all_markets_at_once(monkeypatch):
    pytest.importorskip("hedgecore_derivatives", reason="an option has a kink")
    option, asked = hc.build({"kind": "option", "name": "C", **DATED}), []
    answer = type(option).exposure
    monkeypatch.setattr(
        type(option), "exposure", lambda self, at: asked.append(at.shape) or answer(self, at)
    )
    effective_gamma(option, MARKET.shifted(prices={"WETH": np.linspace(1500.0, 2500.0, 300)}))
    assert len(asked) < 30
