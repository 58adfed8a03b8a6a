"""Mistakes that the slow simulation catches: each is made, and found."""

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.decisions.costs.fee import Fee
from hedgecore.simulation import funding, simulate
from hedgecore.simulation.engine import (
    accounting,
    engine,
    ledger,
    leg_values,
    loops,
    products,
)
from simulated import MARKET, agree, build, every, lp, perp, policy, random_walks
from slow_simulation import Given, Slow


def compared():
    steps, times = 60, np.linspace(0.0, 0.02, 61)
    path = Given(random_walks(2, steps), times=times)
    held = hc.Portfolio([("lp", lp(1950.0, 2050.0), 1.0)])
    market = evolve(MARKET, rates={"USD": 0.05})
    contract = perp(funding_rate=1e-4)
    run = simulate(
        held, path, market=market, with_=[contract], policy=policy("every", steps=3),
        costs=[build("fee", rate_of_all=1e-3), build("gas", amount=1.0)],
        income={"lp": build("fee-rate", per_year=0.3)},
    )  # fmt: skip
    slow = Slow(
        held.parts, [contract], path, times, market, when=every(3), fraction=1e-3, gas=1.0,
        income={"lp": (0.3, False)},
    )  # fmt: skip
    agree(slow, run)


def funding_of_the_other_sign(monkeypatch):
    right = funding._payment
    monkeypatch.setattr(funding, "_payment", lambda *given: -right(*given))


def funding_between_steps_at_their_end(monkeypatch):
    monkeypatch.setattr(funding, "previous", lambda before, there, shape: there)  # noqa: ARG005


def funding_on_what_is_held_after(monkeypatch):
    monkeypatch.setattr(
        accounting.SimulationFrame, "held", property(lambda self: self.decision.held)
    )


def a_fee_forgotten(monkeypatch):
    monkeypatch.setattr(Fee, "cost", lambda self, trades: 0.0 * trades.cash)  # noqa: ARG005


def a_cost_in_the_ledger_alone(monkeypatch):
    monkeypatch.setattr("hedgecore.simulation.engine.engine.PAID", ("gas",))


def gamma_of_the_pool_dropped(monkeypatch):
    monkeypatch.setattr(ledger, "_bend", lambda *given: ())  # noqa: ARG005


def gamma_counted_twice(monkeypatch):
    right, two = ledger._bend, products.StepValues(np.full((1, 1), 2.0))
    monkeypatch.setattr(ledger, "_bend", lambda *given: (two, *right(*given)))


def greeks_of_the_end_of_the_step(monkeypatch):
    def at_the_end(stay, *greek):
        there = stay.there.greek(*greek)
        return products.OpeningValues(there[:1], there[1:] if len(there) > 1 else there)

    monkeypatch.setattr(ledger.LegStay, "greek", at_the_end)


def the_hedge_of_the_wrong_sign(monkeypatch):
    right = loops.band_order.function

    def wrong(*given):
        part, order = right(*given)
        return part, -order

    monkeypatch.setattr(loops.band_order, "function", wrong)


def fees_out_of_range(monkeypatch):
    right = leg_values._leg_earning
    monkeypatch.setattr(
        leg_values, "_leg_earning", lambda *given: evolve(right(*given), active=np.ones((1, 1)))
    )


def interest_forgotten(monkeypatch):
    monkeypatch.setattr(engine, "cash_rate", lambda market: np.zeros(()))  # noqa: ARG005


MISTAKES = [
    funding_of_the_other_sign,
    funding_between_steps_at_their_end,
    funding_on_what_is_held_after,
    a_fee_forgotten,
    a_cost_in_the_ledger_alone,
    gamma_of_the_pool_dropped,
    gamma_counted_twice,
    greeks_of_the_end_of_the_step,
    the_hedge_of_the_wrong_sign,
    fees_out_of_range,
    interest_forgotten,
]


def test_without_a_mistake_they_agree():
    compared()


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.sample(6)
def test_a_mistake_is_found(mistake, monkeypatch):
    mistake(monkeypatch)
    with pytest.raises(AssertionError):
        compared()
