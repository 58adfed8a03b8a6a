"""What panics within a run, as compiled extensions do, is named, whichever engine runs."""

import numpy as np
import pytest
from attrs import frozen

pytest.importorskip("hedgecore_derivatives")

import hedgecore as hc
from hedgecore.simulation import simulate
from hedgecore.simulation.band_engine import eligibility
from simulated import MARKET, perp, policy


class PanicException(BaseException):
    """What pyo3 raises: no Exception."""


def panicking(*_given, **_named):
    raise PanicException("index out of bounds")


@frozen(kw_only=True)
class Panicking(hc.PairPool):
    """A pool whose formula panics once the price has left its start."""

    kind = "panicking"
    assets: tuple[str, str] = ("WETH", "USDC")

    def _holdings(self, price):
        if np.any(np.abs(price / 2000.0 - 1) > 1e-3):
            panicking()
        return 10.0 / np.sqrt(price), 10.0 * np.sqrt(price)


@frozen(kw_only=True)
class Calm(Panicking):
    """The same, without panic."""

    def _holdings(self, price):
        return 10.0 / np.sqrt(price), 10.0 * np.sqrt(price)


@frozen(kw_only=True)
class PanickingCost(hc.AbstractCost):
    """A cost that panics."""

    kind = "panicking-cost"
    cost = panicking


@frozen(kw_only=True)
class PanickingPolicy(hc.AbstractPolicy):
    """A policy that panics."""

    kind = "panicking-policy"
    fraction = panicking


@frozen(kw_only=True)
class PanickingIncome(hc.AbstractIncome):
    """An income that panics."""

    kind = "panicking-income"
    fees = panicking


@frozen(kw_only=True)
class PanickingModel(hc.AbstractPriceModel):
    """A price model that panics."""

    kind = "panicking-model"
    sample = panicking


@frozen(kw_only=True)
class PanickingSolver(hc.AbstractHedgeSolver):
    """A solver that panics."""

    kind = "panicking-solver"
    solve = panicking


POLICIES = {"general": {"kind": "every", "steps": 1}, "band": {"kind": "band", "half_width": 0.01}}
SAID = "the plugin's own code broke off with PanicException: index out of bounds"


def run(pool, name, price_model=None, **settings):
    model = price_model or hc.build({"kind": "gbm", "asset": "WETH"})
    given = {"policy": policy(**POLICIES[name]), "days": 2.0, "steps": 20, "paths": 8, **settings}
    book = hc.Portfolio([("mine", pool, 1.0)])
    return simulate(book, model, with_=[perp()], market=MARKET, seed=1, **given)


@pytest.mark.parametrize("name", POLICIES)
def test_each_engine_runs_what_does_not_panic(name):
    done = run(Calm(), name)
    assert eligibility.is_eligible(done.settings) == (name == "band")


@pytest.mark.parametrize("name", POLICIES)
def test_a_run_names_the_position_that_panics(name):
    with pytest.raises(hc.PluginError, match=f"^mine: {Panicking.kind}: {SAID}"):
        run(Panicking(), name)


@pytest.mark.parametrize("name", POLICIES)
def test_a_run_names_the_cost_that_panics(name):
    with pytest.raises(hc.PluginError, match=f"^panicking-cost: {SAID}"):
        run(Calm(), name, costs=[PanickingCost()])


@pytest.mark.parametrize(
    ("named", "settings"),
    [
        ("panicking-policy", {"policy": PanickingPolicy()}),
        ("panicking-model", {"price_model": PanickingModel()}),
        ("income of mine", {"income": {"mine": PanickingIncome()}}),
    ],
)
def test_a_run_names_what_else_panics(named, settings):
    with pytest.raises(hc.PluginError, match=f"^{named}: {SAID}"):
        run(Calm(), "general", **settings)


def test_a_hedge_names_the_solver_that_panics():
    with pytest.raises(hc.PluginError, match=f"^panicking-solver: {SAID}"):
        hc.hedge(Calm(), with_=[perp()], market=MARKET, solver=PanickingSolver())
