"""Random problems over all sizes and units, against solvers that know nothing of ours.

Ten draws of each family; HEDGECORE_DRAWS=300 for all. The judge is cvxpy's own formulation, in
cash, solved by PIQP (families with squares) or by its simplex (linear ones).
"""

import os
import warnings

import cvxpy as cp
import numpy as np
import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc

DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "10"))
OFTEN = 0.7


class Draw:
    """A random book: n assets at prices 1e-6 to 1e6, k instruments, 1e1 to 1e7 of cash each."""

    def __init__(self, fake, seed):
        rng = self.rng = np.random.default_rng(seed)
        self.n = int(rng.integers(1, 11))
        self.k = self.n + int(rng.integers(0, 21))
        names = [f"A{i}" for i in range(self.n)]
        self.prices = 10.0 ** rng.uniform(-6, 6, self.n)
        self.market = hc.Market(prices=dict(zip(names, self.prices, strict=True)))
        self.cash = rng.choice([-1, 1], self.n) * 10.0 ** rng.uniform(1, 7, self.n)
        self.size = 10.0 ** rng.uniform(-6, 6, self.k)
        self.fee = np.where(rng.random(self.k) < 0.1, 0.0, 10.0 ** rng.uniform(-5, -2.5, self.k))
        own = np.concatenate([np.arange(self.n), rng.integers(0, self.n, self.k - self.n)])
        self.unit = np.zeros((self.n, self.k))  # cash delta of a contract
        self.unit[own, np.arange(self.k)] = self.size
        for i in np.flatnonzero(rng.random(self.k) < 0.2):  # an LP position: two assets
            self.unit[rng.integers(0, self.n), i] = self.size[i] * rng.uniform(0.1, 1)
        self.target = fake(delta=dict(zip(names, self.cash / self.prices, strict=True)))
        self.instruments = [
            fake(
                name=f"I{i}",
                delta={
                    names[a]: self.unit[a, i] / self.prices[a]
                    for a in np.flatnonzero(self.unit[:, i])
                },
                fee=float(self.fee[i]),
            )
            for i in range(self.k)
        ]
        self.notional = self.unit.sum(axis=0)
        self.names = names

    def limits(self):
        """Return limits that bind: positions in contracts, the gross notional, in cash."""
        rng, need = self.rng, np.abs(self.cash)
        reach = np.array([need[np.flatnonzero(col)].max() for col in self.unit.T])
        cap = reach * rng.uniform(0.3, 3, self.k)
        some = np.flatnonzero(rng.random(self.k) < 0.5)
        gross = float(need.sum() * rng.uniform(0.9, 4)) if rng.random() < 0.5 else None
        return {f"I{i}": float(cap[i] / self.notional[i]) for i in some}, gross

    def answer(self, solver):
        return hc.hedge(
            self.target, with_=self.instruments, market=self.market, solver=solver,
            request=hc.HedgeRequest(assets=self.names),
        )  # fmt: skip


def judged(objective, constraints, solvers):
    """Return the status and the least that the first solver which succeeds finds."""
    problem = cp.Problem(cp.Minimize(objective), constraints)
    for solver, options in solvers:
        try:
            with warnings.catch_warnings():  # an inaccurate answer is not taken
                warnings.simplefilter("ignore")
                problem.solve(solver=solver, **options)
        except cp.SolverError:
            continue
        if problem.status in ("optimal", "infeasible"):
            break
    return problem.status, problem.value


def checked(draw, answer, caps, gross, hard):
    """Recompute the promises from the raw numbers, with nothing of the solver's."""
    x = np.array(list(answer.quantities.values()))
    cash = draw.cash + draw.unit @ x
    if hard:
        room = 1e-9 * (np.abs(draw.cash) + np.abs(draw.unit) @ np.abs(x))
        assert np.all(np.abs(cash) <= room)
    for name, most in caps.items():
        assert abs(answer.quantities[name]) <= most * (1 + 1e-9)
    assert gross is None or np.abs(x) @ draw.notional <= gross * (1 + 1e-9)
    return x, cash


LP = [(cp.HIGHS, {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10})]
# As tight as it can be had: at 1e-10 the judge itself is out by 1e-5 where the least is but 1e-8 of
# what doing nothing costs.
QP = [(cp.PIQP, {"eps_abs": eps, "eps_rel": eps}) for eps in (1e-13, 1e-12, 1e-11, 1e-10)]


def nearest_within(draw, caps, gross):
    """Assert that without `hard` the deltas are as near as limits allow, by cvxpy."""
    answer = draw.answer(Convex(position_limits=caps, max_gross=gross))
    assert answer.certificate.status == "exact", answer.notes
    _, cash = checked(draw, answer, caps, gross, hard=False)
    size, beta = np.abs(draw.cash).max(), draw.unit / draw.notional
    y = cp.Variable(draw.k)
    kept = [
        cp.abs(y[i]) <= caps[f"I{i}"] * draw.notional[i] / size
        for i in range(draw.k)
        if f"I{i}" in caps
    ]
    kept += [] if gross is None else [cp.norm1(y) <= gross / size]
    _, least = judged(cp.norm1(beta @ y + draw.cash / size), kept, LP)
    assert np.abs(cash).sum() == pytest.approx(least * size, rel=1e-6)
    assert answer.certificate.breakdown["residual"] == pytest.approx(least * size, rel=1e-6)


@pytest.mark.parametrize("seed", range(DRAWS))
def test_hard_neutral_at_least_cost_within_limits(fake, seed):
    draw = Draw(fake, seed)
    caps, gross = draw.limits()
    answer = draw.answer(Convex(position_limits=caps, max_gross=gross, hard=["delta"]))
    size = np.abs(draw.cash).max()
    y = cp.Variable(draw.k)  # cash, in units of the largest
    beta = draw.unit / draw.notional
    kept = [beta @ y == -draw.cash / size]
    kept += [
        cp.abs(y[i]) <= caps[f"I{i}"] * draw.notional[i] / size
        for i in range(draw.k)
        if f"I{i}" in caps
    ]
    kept += [] if gross is None else [cp.norm1(y) <= gross / size]
    up = 1 / draw.fee.max()
    status, least = judged(up * np.maximum(draw.fee, 1e-8) @ cp.abs(y), kept, LP)
    if status == "infeasible":
        assert answer.certificate.status == "no trade"
        assert "cannot be met together" in answer.notes[0]
        assert not any(answer.quantities.values())
        nearest_within(draw, caps, gross)
        return
    assert answer.certificate.status == "exact", answer.notes
    checked(draw, answer, caps, gross, hard=True)
    assert answer.certificate.objective == pytest.approx(least * size / up, rel=1e-6)


@pytest.mark.parametrize("seed", range(DRAWS))
def test_variance_and_cost_and_a_priced_residual_within_limits(fake, seed):
    draw = Draw(fake, 10_000 + seed)
    caps, gross = draw.limits()
    root = draw.rng.normal(size=(draw.n, draw.n + 1)) * 0.1
    sigma = root @ root.T
    size = np.linalg.norm(draw.cash)
    weight = 10.0 ** draw.rng.uniform(-3, 1) / size
    soft = float(draw.rng.choice([0.0, 10.0 ** draw.rng.uniform(-4, -2)]))
    pairs = {
        f"{a}:{b}": float(sigma[i, j])
        for i, a in enumerate(draw.names)
        for j, b in enumerate(draw.names)
        if i <= j
    }
    solver = Convex(
        minimise={"cost": 1.0, "variance": weight}, covariance=pairs, soft={"delta": soft},
        position_limits=caps, max_gross=gross,
    )  # fmt: skip
    answer = draw.answer(solver)
    y = cp.Variable(draw.k)
    cash = draw.unit / draw.notional @ y + draw.cash / size
    kept = [
        cp.abs(y[i]) <= caps[f"I{i}"] * draw.notional[i] / size
        for i in range(draw.k)
        if f"I{i}" in caps
    ]
    kept += [] if gross is None else [cp.norm1(y) <= gross / size]
    cost = np.maximum(draw.fee, 1e-8) @ cp.abs(y) + soft * cp.norm1(cash)
    risk = 0.5 * weight * size * cp.sum_squares(root.T @ cash)
    status, least = judged((cost + risk) * 1e3, kept, QP)
    assert status == "optimal"
    assert answer.certificate.status == "exact", answer.notes
    x, cash = checked(draw, answer, caps, gross, hard=False)
    nothing = soft * np.abs(draw.cash).sum() + 0.5 * weight * np.sum((root.T @ draw.cash) ** 2)
    paid = np.maximum(draw.fee, 1e-8) @ (draw.notional * np.abs(x)) + soft * np.abs(cash).sum()
    got = paid + 0.5 * weight * np.sum((root.T @ cash) ** 2)
    said, least = answer.certificate, least * size / 1e3
    assert said.objective == pytest.approx(got, rel=1e-7, abs=1e-12 * nothing)
    assert got == pytest.approx(least, rel=1e-6, abs=0.0)
    assert said.objective - said.gap <= least * (1 + 1e-6)
