"""`convex`: the constrained hedge, as one table of options."""
# ruff: noqa: RUF009 - these calls make fields, and the fields make their own dicts

from __future__ import annotations

from typing import ClassVar

import numpy as np
from attrs import frozen

from hedgecore import AbstractHedgeSolver, Hedge, HedgeError, HedgeProblem, fields
from hedgecore_convex_solver import inputs, table_fields
from hedgecore_convex_solver.covariance import (
    check_alone,
    check_correlations,
    check_covariance,
    covariance,
    pairs,
)
from hedgecore_convex_solver.margin_budget import margin_cuts
from hedgecore_convex_solver.problem_data import Array, ProblemData
from hedgecore_convex_solver.risk_terms import SCENARIO_TERMS, deviations, risk_terms, risky_assets
from hedgecore_convex_solver.scenarios import profits

GREEKS = ("delta", "gamma", "vega")
TERMS = ("cost", "carry", "variance", "ridge", "minimax", "cvar")
SIZE = fields.Rule("positive, from 1e-100 to 1e100", lambda x: 1e-100 <= x <= 1e100)  # noqa: PLR2004
MOVE = fields.Rule("finite and more than -1", lambda x: -1 < x < float("inf"))


@frozen(kw_only=True)
class Convex(AbstractHedgeSolver):
    """The cheapest hedge within limits: costs, carry, variance, scenarios; certified.

    Each Greek of the request is made neutral exactly, or as nearly as the limits allow; unless
    `hard` wants it met or no trade, or `soft` prices what is left of it. Of all hedges that do so
    within the limits, the one with the least weighted sum of the terms in `minimise`. What an
    answer is worth stands in its `certificate`; a request that cannot be met is an answer too,
    without a trade and with the parts that conflict.
    """

    kind = "convex"
    example = {
        "minimise": {"cost": 1.0, "carry": 7.0},
        "soft": {"gamma": 0.01},
        "max_gross": 250000.0,
        "max_orders": 3,
    }

    renamed: ClassVar[dict[str, str]] = {
        "orders": "max_orders",
        "lots": "enforce_lots",
        "tail": "cvar_level",
        "position": "position_limits",
        "notional": "notional_limits",
        "gross": "max_gross",
        "gearing": "max_leverage",
        "margin": "margin_budget",
        "fixed": "fixed_cost",
        "time_limit": "max_nodes",
        "minimise.squares": "minimise.ridge",
        "start": "held, in [[instrument]]",
    }

    minimise: dict[str, float] = table_fields.choices(
        "weights: cost 1, carry in days, variance the risk aversion, ridge, minimax, cvar",
        "weight",
        TERMS,
        {"cost": 1.0},
    )
    soft: dict[str, float] = table_fields.choices(
        "Greek = price of what is left of it; hard where not named", "per cash unit", GREEKS, {}
    )
    hard: tuple[str, ...] = table_fields.name_list(
        "Greeks that are met or nothing is traded; others yield to limits", GREEKS
    )
    aggregate: tuple[str, ...] = table_fields.name_list(
        "Greeks to hedge in the sum over assets", GREEKS
    )
    targets: dict[str, float] = table_fields.amounts(
        '"delta:WETH" = what to leave instead of 0', "cash", fields.FINITE
    )
    bands: dict[str, table_fields.Range] = table_fields.ranges(
        '"delta:WETH" = between which values it may stay', "cash"
    )
    spread: dict[str, float] = table_fields.amounts("half-spread by instrument", "fraction")
    impact: dict[str, float] = table_fields.amounts(
        "square-root impact by instrument: cost = impact · notional^1.5", "per √cash"
    )
    fixed_cost: dict[str, float] = table_fields.amounts("cost of one order by instrument", "cash")
    carry: dict[str, float] = table_fields.amounts(
        "what one contract held long receives; its own where not given",
        "cash per day",
        fields.FINITE,
    )
    covariance: dict[str, float] = pairs(
        "covariance of log returns, of each asset and each pair", "per horizon", check_covariance
    )
    vols: dict[str, float] = table_fields.amounts(
        "volatility by asset, for the correlations; the market's where not given",
        "per square root of the horizon",
        fields.VOL,
        validator=check_alone,
    )
    correlations: dict[str, float] = pairs(
        "correlation of each pair, instead of a covariance", "ratio", check_correlations, most=1.0
    )
    moves: dict[str, tuple[float, ...]] = table_fields.lists(
        'moves of each asset, of "vol:WETH" and of "days"; scenarios are all combinations',
        "fraction, or days",
        MOVE,
    )
    scenarios: dict[str, tuple[float, ...]] = table_fields.lists(
        "the same moves, together: the i-th of each is one scenario", "fraction, or days", MOVE
    )
    cvar_level: float = fields.number("level of cvar", "fraction", fields.FRACTION, default=0.95)
    position_limits: dict[str, table_fields.Range] = table_fields.ranges(
        "limit by instrument", "contracts"
    )
    notional_limits: dict[str, float] = table_fields.amounts("limit by instrument", "cash")
    max_gross: float | None = fields.number("limit of all notionals", "cash", SIZE, optional=True)
    max_leverage: float | None = fields.number(
        "limit of all notionals, as a multiple of the target's worth", "times", SIZE, optional=True
    )
    margin_budget: float | None = fields.number("limit of all margins", "cash", SIZE, optional=True)
    leverage: dict[str, float] = table_fields.amounts(
        "notional over margin by instrument; 1 where not given", "times", fields.POSITIVE
    )
    max_orders: int | None = table_fields.count("the most instruments to trade", "orders")
    enforce_lots: bool = table_fields.switch("keep lots and minimum sizes", default=True)
    max_nodes: int = table_fields.count(
        "the most nodes of branch and bound, with lots and orders", "nodes", 1, default=500
    )

    def __attrs_post_init__(self) -> None:
        for greek in self.hard:
            if greek in self.soft:
                raise fields.wrong(
                    self, "hard", f"{greek} has a price in `soft`: give one of the two"
                )

    def solve(self, problem: HedgeProblem) -> Hedge:
        """Hedge with its certificate; without a trade where none can be certified.

        Raises:
            HedgeError: an option names what is not there, or lacks what it needs; arrays of prices.

        """
        from hedgecore_convex_solver.result import certified_hedge  # noqa: PLC0415 - scipy is for those who solve

        return certified_hedge(problem, problem_data(self, problem), self.max_nodes)


def problem_data(settings: Convex, problem: HedgeProblem) -> ProblemData:
    """ProblemData that `problem` asks under these settings, in contracts and in cash.

    Raises:
        HedgeError: a setting names what is not there or lacks what it needs, or prices are arrays.

    """
    if problem.market.shape:
        raise HedgeError("convex takes one price of each asset: use LeastSquares for arrays")
    weights, names = settings.minimise, inputs.names_of(problem)
    start = np.array(problem.held_contracts, dtype=float)
    ends = settings.targets, settings.bands
    rows = inputs.greek_rows(problem, ends, settings.soft, settings.aggregate, settings.hard)
    carry = inputs.carries(problem, settings.carry)
    caps = inputs.notional_caps(
        problem, settings.notional_limits, settings.max_gross, settings.max_leverage
    )
    return ProblemData(
        names=names,
        notional=np.array(problem.notionals, dtype=float),
        start=start,
        rows=inputs.snap_dust(rows, start),
        trading=inputs.trading_costs(
            problem, weights.get("cost", 0.0), settings.spread, settings.impact, settings.fixed_cost
        ),
        carry=carry,
        linear=-inputs.weighted_carry(problem, carry, weights.get("carry", 0.0)),
        risk=risk_terms(
            weights,
            _deviations(settings, problem),
            _profits(settings, problem, carry),
            settings.cvar_level,
        ),
        limits=inputs.limits(
            problem, settings.position_limits, caps, settings.max_orders, lots=settings.enforce_lots
        ),
        margin=margin_cuts(problem, settings.margin_budget, settings.leverage),
    )


def _deviations(settings: Convex, problem: HedgeProblem) -> Array:
    given, vols, correlations = settings.covariance, settings.vols, settings.correlations
    if not (settings.minimise.get("variance") or given or vols or correlations):
        return np.zeros((0, len(problem.instruments) + 1))
    assets = risky_assets(problem)
    return deviations(
        problem, assets, covariance(problem.market, assets, given, vols, correlations)
    )


def _profits(settings: Convex, problem: HedgeProblem, carry: Array) -> tuple[Array, Array]:
    if not any(settings.minimise.get(term) for term in SCENARIO_TERMS):
        return np.zeros((0, len(problem.instruments))), np.zeros(0)
    return profits(problem, settings.moves, settings.scenarios, carry)
