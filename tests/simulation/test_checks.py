"""What is wrong with a run is refused by name, before it runs or where it shows; never a NaN."""

import numpy as np
import pytest
from attrs import evolve, frozen

import hedgecore as hc
from hedgecore.simulation.blocks import MOST
from hedgecore.simulation.results.metrics import estimates
from simulated import build, perp, simulate_lp

WRONG = {
    "policy": ("band", "a policy, like"),
    "price_model": ("gbm", "a price model, like"),
    "request": ("delta", "a HedgeRequest"),
    "solver": ("convex", "a hedge solver"),
    "funding": (1e-4, "a FundingRule"),
    "margin": (100.0, "a Margin"),
    "costs": (["fee"], "a list of costs, like"),
    "income": ({"lp": "fee-rate"}, "an income, like"),
    "arbitraged": ("lq", "no position is called 'lq'"),
    "days": ("30", "positive and finite"),
    "steps": (10.5, "a whole number from 1"),
    "times": ([[0.0, 1.0], [2.0, 3.0]], "numbers in a row"),
    "cooldown": ("1", "0 or more"),
    "min_notional": (float("nan"), "0 or more"),
    "ledger": ("no", "true or false"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_setting_of_another_sort_is_refused_by_name(name):
    given, said = WRONG[name]
    with pytest.raises(hc.SpecError, match=said) as caught:
        simulate_lp(**{name: given})
    assert caught.value.field == name


@pytest.mark.parametrize("given", [float("nan"), float("inf"), -1, True, 0])
def test_a_length_that_is_none_is_refused(given):
    for name in ("days", "steps"):
        with pytest.raises(hc.SpecError, match=f"simulation.{name}: must be"):
            simulate_lp(**{name: given})
    with pytest.raises(hc.SpecError, match=r"times: must ascend from 0, and be finite"):
        simulate_lp(times=[0.0, 0.1, float("inf")])


def test_more_paths_or_steps_than_any_memory_holds_are_refused_at_once():
    for name in ("paths", "steps"):
        with pytest.raises(hc.SpecError, match="100,000,000"):
            simulate_lp(**{name: MOST + 1})


def test_one_instrument_and_one_cost_need_no_list():
    fee = build("fee")
    one, listed = (
        simulate_lp(with_=perp(fee=5e-4), costs=fee),
        simulate_lp(with_=[perp(fee=5e-4)], costs=[fee]),
    )
    assert one.pnl == listed.pnl


@frozen
class Says(hc.AbstractPolicy):
    """Whatever it is told to say."""

    kind = "says"
    what: float
    whole: bool = True

    def fraction(self, now):
        return np.full(now.delta.shape if self.whole else (), self.what)


@pytest.mark.parametrize("paths", [1, 3])
@pytest.mark.parametrize("what", [float("nan"), -1.0, 1.5])
def test_a_part_that_is_no_part_of_the_way_is_refused(what, paths):
    """A NaN is greater than nothing, so that it would leave a book unhedged in silence."""
    with pytest.raises(hc.SpecError, match=f"says.fraction: must be from 0 to 1, not {what}"):
        simulate_lp(policy=Says(what), paths=paths)
    with pytest.raises(hc.SpecError, match=r"says.fraction: must be of the shape of delta"):
        simulate_lp(policy=Says(1.0, whole=False), paths=paths)


@frozen
class Unknown(hc.AbstractCost):
    """What costs nobody knows how much."""

    kind = "unknown"

    def cost(self, trades):
        return np.full(trades.contracts.shape, np.nan)


@frozen
class Holes(hc.AbstractPriceModel):
    """A path whose funding is unknown."""

    kind = "holes"

    def sample(self, start, times, paths, rng, rows):
        for frame in build("gbm", asset="WETH").sample(start, times, paths, rng, rows):
            hole = np.full((len(frame.times), paths), np.nan)
            yield evolve(frame, rows={"funding:WETH": hole})


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"costs": [Unknown()]}, "costs of 'P'"), ({"price_model": Holes()}, "funding of 'P'")],
)
def test_what_is_no_number_is_refused_where_it_comes_in(settings, said):
    with pytest.raises(hc.SpecError, match=f"no finite number: {said}"):
        simulate_lp(**settings)


def test_the_error_of_the_value_at_risk_is_that_of_a_quantile():
    """√(p(1 − p)/N) over the density there, each time within a factor and on average right."""
    rng, found = np.random.default_rng(5), []
    for _ in range(100):
        pnl = rng.standard_normal(2000)
        tallies = {"pnl": pnl, "costs": 0.0 * pnl, "gas": 0.0 * pnl}
        found.append(estimates(tallies, pnl, 2.0 * pnl)["value_at_risk"].error)
    density = np.exp(-(1.6448536269514722**2) / 2) / np.sqrt(2.0 * np.pi)
    theory = np.sqrt(0.05 * 0.95 / 2000) / density
    assert np.mean(found) == pytest.approx(theory, rel=0.05)
    assert max(np.abs(np.array(found) / theory - 1.0)) < 0.7
