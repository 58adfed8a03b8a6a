"""Terms: what a contract is on, and costs; by the instrument's own word where it has one."""

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc

OPTION = {
    "kind": "option",
    "name": "C",
    "underlying": "WETH",
    "strike": 4000.0,
    "expiry_years": 0.1,
    "vol": 0.5,
    "fee": 3e-4,
}


@frozen(kw_only=True)
class Talkative:
    """An instrument that says all of its terms."""

    name: str = "T"
    hedges: tuple[str, ...] = ("WETH",)
    contract_size: float = 1.0
    lot: float = 0.0
    min_size: float = 0.0
    fee: float | None = 0.01

    def worth(self, market):
        return 0.5 * market.price("WETH")

    def exposure(self, market):
        return hc.Exposure.of(market, self.worth(market), {"WETH": 0.5})

    def notional(self, market):
        return 2.0 * market.price("WETH")

    def charge(self, market):
        return np.full(market.shape, 7.0)

    def carry(self, market):
        return np.full(market.shape, -3.0)

    def margin(self, market, contracts):
        return 0.1 * np.abs(contracts) * market.price("WETH")

    def min_order(self, market):
        return 6000.0 / market.price("WETH")


@pytest.fixture
def held():
    return hc.Portfolio([("eth", hc.Balance("WETH"), 10.0)])


def test_an_instrument_says_its_own_terms(held, market):
    it = Talkative()
    for word in (
        hc.SupportsNotional,
        hc.SupportsFee,
        hc.SupportsCarry,
        hc.SupportsMargin,
        hc.SupportsMinOrder,
    ):
        assert isinstance(it, word)
    answer = hc.hedge(held, with_=[it], market=market)
    assert answer.quantities["T"] == pytest.approx(-20.0)
    assert (answer.cost, answer.carry, answer.margin) == pytest.approx((140.0, 60.0, 6000.0))
    assert answer.problem.notionals[0] == 6000.0
    assert "120,000.00" in str(answer)
    assert "Carry of the hedge: 60.00 USD per day." in str(answer)
    small = hc.hedge(hc.Portfolio([("e", hc.Balance("WETH"), 0.9)]), with_=[it], market=market)
    assert small.quantities["T"] == pytest.approx(-2.0)  # at least 6000 of cash, or nothing
    assert "left by lots and minimum sizes" in small.unhedged["WETH"]


def test_where_it_is_silent_its_exposure_speaks(stake, market):
    plain = stake(name="p", delta={"WETH": 0.5, "USDC": 9.0}, hedges=("WETH",), fee=0.001)
    problem = hc.HedgeProblem(stake(delta={"WETH": 1.0}), (plain,), market)
    assert problem.notionals[0] == 0.5 * 3000
    assert problem.unit_fees[0] == pytest.approx(1.5)
    assert problem.unit_carry[0] == problem.min_orders[0] == 0.0
    assert problem.margins([-4.0])[0] == 6000.0
    unknown = stake(name="u", delta={"WETH": 1.0}, hedges=("WETH",), fee=None)
    assert hc.HedgeProblem(plain, (unknown,), market).unit_fees == (None,)


def test_the_fee_of_an_option_is_on_its_underlying_and_not_on_its_delta(held):
    """Far out of the money: the delta is 7 %, and Deribit's 0.03 % is of all of the underlying."""
    market = hc.Market(prices={"WETH": 3000.0})
    option = hc.build(OPTION)
    contract = option.exposure(market)
    assert contract.delta_cash[0] < 0.1 * 3000
    answer = hc.hedge(held, with_=[option], market=market)
    traded = abs(answer.quantities["C"])
    assert answer.cost == pytest.approx(3e-4 * 3000 * traded, rel=1e-12)
    assert answer.cost != pytest.approx(3e-4 * contract.delta_cash[0] * traded, rel=0.5)
    capped = hc.build({**OPTION, "fee_cap": 0.125})
    least = min(3e-4 * 3000, 0.125 * float(capped.mark(market).value))
    answer = hc.hedge(held, with_=[capped], market=market)
    assert answer.cost == pytest.approx(least * traded, rel=1e-12)


SOLVERS = ["least-squares", "convex"]


REGISTRY = hc.default_registry()
INSTRUMENTS = REGISTRY.kinds("hedgecore_instruments")
ORDERED = [kind for kind in INSTRUMENTS if "lot" in hc.schema(REGISTRY[kind])]
"""Kinds that are ordered in lots; a position in LLAMMA is an instrument, and is not."""


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("kind", ORDERED)
def test_every_kind_is_charged_on_its_own_notional_by_every_solver(kind, solver):
    cls = hc.default_registry()[kind]
    names = {**cls.example, "name": "I"}
    asset = names.get("underlying", names.get("asset"))
    market = hc.Market(
        prices={"WETH": 3000.0, "WBTC": 60_000.0},
        vols={"WETH": 0.6, "WBTC": 0.5},
        time=0.0,
    )
    instrument = hc.build({"kind": kind, **names, "fee": 1e-3, "lot": 0})
    held = hc.Portfolio([("held", hc.Balance(asset), 3.0)])
    asked = hc.HedgeRequest(assets=(asset,))
    answer = hc.hedge(
        held,
        with_=[instrument],
        market=market,
        request=asked,
        solver=hc.build({"kind": solver}) if solver == "convex" else hc.LeastSquares(),
    )
    traded = abs(answer.quantities["I"])
    assert traded > 0
    due = 1e-3 * float(instrument.notional(market)) * traded
    assert float(answer.cost) == pytest.approx(due, rel=1e-12)
    if solver == "convex":
        assert answer.certificate.objective == pytest.approx(due, rel=1e-7)


def test_a_pool_as_an_instrument_is_on_its_worth():
    """All of what is put in; of a contract within, that contract's own."""
    market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0})
    pool = hc.build({"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [2.0, 6000.0]})
    lp = hc.Tradable(name="lp", priced=pool, hedges="WETH", contract_size=0.1, fee=0.003)
    assert lp.notional(market) == pytest.approx(0.1 * 12_000)
    assert hc.hedge(hc.Balance("WETH"), with_=[lp], market=market).cost == pytest.approx(
        5 * 0.003 * 1200
    )
    perp = hc.build({"kind": "perp", "name": "P", "underlying": "WETH"})
    both = hc.Tradable(name="b", priced=perp, hedges="WETH", contract_size=3.0)
    assert both.notional(market) == 9000.0
    assert hc.enter(both, market).priced.entry_price == 3000.0


def test_terms_are_of_every_market_at_once():
    market = hc.Market(prices={"WETH": np.array([2000.0, 3000.0])})
    perp = hc.build(
        {
            "kind": "perp", "name": "P", "underlying": "WETH", "fee": 1e-3,
            "min_notional": 5000.0, "funding_rate": 1e-4, "leverage": 10,
        }
    )  # fmt: skip
    answer = hc.hedge(hc.Balance("WETH"), with_=[perp], market=market)
    assert answer.quantities["P"].tolist() == [0.0, -5000.0 / 3000.0]
    assert answer.cost.tolist() == pytest.approx([0.0, 5.0])
    assert answer.carry.tolist() == pytest.approx([0.0, 5000 * 3e-4])
    assert answer.margin.tolist() == pytest.approx([0.0, 500.0])


def test_what_is_unknown_of_a_wanted_contract_is_no_number_and_is_named():
    market = hc.Market(prices={"WETH": 3000.0})
    bare = hc.build({"kind": "perp", "name": "P", "underlying": "WETH"})
    answer = hc.hedge(hc.Balance("WETH"), with_=[bare], market=market)
    assert (answer.cost, answer.carry) == (None, None)
    assert answer.unknown_fees == answer.unknown_carry == ("P",)
    spare = hc.hedge(hc.Balance("USD"), with_=[bare], market=market)
    assert (spare.cost, spare.carry) == (0.0, 0.0), "of nothing that is wanted"
    assert spare.unknown_fees == spare.unknown_carry == ()
