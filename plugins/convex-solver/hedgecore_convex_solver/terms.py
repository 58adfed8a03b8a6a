"""From a problem and the options of `Convex` to the question in plain numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from hedgecore import HedgeError, HedgeProblem
from hedgecore.errors import did_you_mean
from hedgecore_convex_solver.margins import deposit
from hedgecore_convex_solver.question import Array, Limits, Question, Rows, Trading
from hedgecore_convex_solver.risk import risk

if TYPE_CHECKING:
    from hedgecore_convex_solver.convex import Convex

TIE = 1e-8
"""What trading a unit of cash costs at least: of equal hedges, the smaller."""


def question(options: Convex, problem: HedgeProblem) -> Question:
    """Return the question that `problem` asks with these options.

    Raises:
        HedgeError: an option names what is not there or lacks what it needs, or prices are arrays.

    """
    if problem.market.shape:
        raise HedgeError("convex takes one price of each asset: use LeastSquares for arrays")
    names = tuple(each.name for each in problem.instruments)
    notional, weights = np.array(problem.notionals, dtype=float), options.minimise
    held = carries(options, problem)
    return Question(
        names=names,
        notional=notional,
        start=_each(options.start, names, 0.0, "start"),
        rows=rows(options, problem),
        trading=_trading(options, problem, names, notional),
        carry=held,
        linear=-weights.get("carry", 0.0) * held,
        risk=risk(options, problem, held),
        limits=_limits(options, problem, names, notional),
        deposit=deposit(options, problem, notional),
    )


def carries(options: Convex, problem: HedgeProblem) -> Array:
    """Return what one contract of each receives per day, in cash (k,): given, its own, or 0."""
    _check(options.carry, [each.name for each in problem.instruments], "carry")
    pairs = zip(problem.instruments, problem.unit_carry, strict=True)
    return np.array([options.carry.get(each.name, carry) for each, carry in pairs], dtype=float)


def rows(options: Convex, problem: HedgeProblem) -> Rows:
    """Return the Greeks that the request names: hard, priced, or within bands."""
    found = [_greek(options, problem, greek) for greek in problem.request.neutral]
    joined = Rows(
        labels=tuple(label for each in found for label in each.labels),
        **{
            part: np.concatenate([getattr(each, part) for each in found])
            for part in ("matrix", "now", "low", "high", "price")
        },
    )
    for given, its in ((options.targets, "targets"), (options.bands, "bands")):
        _check(given, joined.labels, its)
    return evolve(joined, labels=tuple(_said(label) for label in joined.labels))


def _greek(options: Convex, problem: HedgeProblem, greek: str) -> Rows:
    matrix, now = problem.unit_greeks(greek), problem.target_greeks(greek)
    labels = [f"{greek}:{name}" for name in _row_names(problem, greek)]
    if greek in options.aggregate:
        matrix, now, labels = matrix.sum(axis=0)[None], now.sum()[None], [greek]
    ends = [options.bands.get(n, (options.targets.get(n, 0.0),) * 2) for n in labels]
    low, high = (
        (np.array(end, dtype=float) for end in zip(*ends, strict=True)) if ends else (now, now)
    )
    price = np.full(len(labels), options.soft.get(greek, np.inf))
    return Rows(labels=tuple(labels), matrix=matrix, now=now, low=low, high=high, price=price)


def _row_names(problem: HedgeProblem, greek: str) -> Sequence[str]:
    assets = problem.hedged_assets
    if greek == "gamma" and problem.request.cross_gamma:
        pairs = zip(*np.triu_indices(len(assets)), strict=True)
        return [f"{assets[i]}:{assets[j]}" for i, j in pairs]
    return assets


def _said(label: str) -> str:
    greek, _, asset = label.partition(":")
    return f"{greek} of {asset}" if asset else f"{greek} of all assets"


def _trading(
    options: Convex, problem: HedgeProblem, names: Sequence[str], notional: Array
) -> Trading:
    weight = options.minimise.get("cost", 0.0)
    fees = np.array([0.0 if each is None else each for each in problem.unit_fees], dtype=float)
    rate = weight * (fees + notional * _each(options.spread, names, 0.0, "spread"))
    return Trading(
        rate=np.maximum(rate, TIE * notional),
        impact=weight * _each(options.impact, names, 0.0, "impact"),
        fixed=weight * _each(options.fixed, names, 0.0, "fixed"),
    )


def _limits(
    options: Convex, problem: HedgeProblem, names: Sequence[str], notional: Array
) -> Limits:
    _check(options.position, names, "position")
    _check(options.leverage, names, "leverage")
    wide = (-np.inf, np.inf)
    low, high = np.array([options.position.get(name, wide) for name in names]).T
    each = _each(options.notional, names, np.inf, "notional")
    single = [i for i in range(len(names)) if np.isfinite(each[i])]
    caps = [
        (notional[i] * np.eye(len(names))[i], each[i], f"notional of {names[i]}") for i in single
    ]
    if options.gross is not None:
        caps.append((notional, options.gross, "gross notional"))
    if options.gearing is not None:
        caps.append((notional, options.gearing * _worth(problem), "gearing"))
    return Limits(
        low=low,
        high=high,
        caps=np.array([cap for cap, _, _ in caps]).reshape(-1, len(names)),
        cap=np.array([most for _, most, _ in caps]),
        labels=tuple(label for _, _, label in caps),
        orders=options.orders,
        lot=np.array([each.lot for each in problem.instruments]) * options.lots,
        least=np.array(problem.min_orders, dtype=float) * options.lots,
    )


def _worth(problem: HedgeProblem) -> float:
    worth = float(problem.target_exposure.value)
    if not worth > 0:
        raise HedgeError(f"`gearing` is of the target's worth, and that is {worth:g}: give `gross`")
    return worth


def _each(given: Mapping[str, float], names: Sequence[str], default: float, its: str) -> Array:
    _check(given, names, its)
    return np.array([given.get(name, default) for name in names], dtype=float)


def _check(given: Collection[str], names: Sequence[str], its: str) -> None:
    for name in given:
        if name not in names:
            near, known = did_you_mean(name, names), ", ".join(names)
            raise HedgeError(f"`{its}` names {name!r:.80}, which is not here{near} ({known:.200})")
