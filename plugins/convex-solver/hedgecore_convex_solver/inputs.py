"""Parts of a problem in plain numbers: Greeks, costs, carry and limits, from given tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from attrs import evolve

from hedgecore import HedgeError, HedgeProblem, OrderSizes
from hedgecore.errors import did_you_mean
from hedgecore_convex_solver.problem_data import Array, Limits, Rows, Trading

TIE = 1e-8
"""Least cost of trading a unit of cash: of equal hedges, the smaller."""

DUST = 1e-12
"""A row off by less than this part of all cash in the rows, held or to be hedged, is met."""

TOO_LARGE = 1e100
"""Cash beyond this is no amount of money, and its square no number of the solvers."""

Range = tuple[float, float]


def carries(problem: HedgeProblem, given: Mapping[str, float]) -> Array:
    """Carry of one contract of each, cash per day (k,): given, or its own; NaN where unknown."""
    check_names(given, names_of(problem), "carry")
    pairs = zip(names_of(problem), problem.unit_carry, strict=True)
    own = {name: np.nan if carry is None else float(carry) for name, carry in pairs}
    return np.array([*{**own, **given}.values()], dtype=float)


def weighted_carry(problem: HedgeProblem, carry: Array, weight: float) -> Array:
    """Carry of one contract of each times its weight (k,), nothing where it has none.

    Raises:
        HedgeError: a carry is unknown.

    """
    return weight * known_carry(problem, carry) if weight else np.zeros_like(carry)


def known_carry(problem: HedgeProblem, carry: Array) -> Array:
    """Carry that all of it is known of; HedgeError naming the first that is not."""
    for i in np.flatnonzero(np.isnan(carry)):
        raise HedgeError(
            f"the funding of {names_of(problem)[i]!r:.80} is unknown, and `minimise` weighs it: "
            "give `funding_rate` in the book, --funding, or `carry` under [hedge]"
        )
    return carry


def greek_rows(
    problem: HedgeProblem,
    ends: tuple[Mapping[str, float], Mapping[str, Range]],
    soft: Mapping[str, float],
    aggregate: Collection[str],
    hard: Collection[str],
) -> Rows:
    """Greeks that the request names, in cash: hard, priced (`soft`), or within bands.

    Args:
        problem: the target, the instruments and the request.
        ends: targets and bands, by "delta:WETH".
        soft: Greek → price of what is left of it, per cash unit.
        aggregate: Greeks that are summed over the assets.
        hard: Greeks that yield to no limit.

    """
    found = [
        _greek(
            problem,
            greek,
            ends,
            soft.get(greek, np.inf),
            summed=greek in aggregate,
            hard=greek in hard,
        )
        for greek in problem.request.neutral
    ]
    joined = Rows(
        labels=tuple(label for each in found for label in each.labels),
        **{
            part: np.concatenate([getattr(each, part) for each in found])
            for part in ("matrix", "now", "low", "high", "price", "hard")
        },
    )
    _check_size(joined)
    for given, field in zip(ends, ("targets", "bands"), strict=True):
        check_names(given, joined.labels, field)
    return evolve(joined, labels=tuple(_row_name(label) for label in joined.labels))


def _check_size(rows: Rows) -> None:
    """Refuse cash whose squares, and sums of them, are no numbers any more."""
    ends = [np.where(np.isfinite(each), each, 0.0) for each in (rows.low, rows.high)]
    most = np.max(np.abs(np.column_stack([rows.matrix, rows.now, *ends])), axis=-1)
    for label, cash in zip(rows.labels, most, strict=True):
        if not cash <= TOO_LARGE:
            reason = f"must be {TOO_LARGE:g} at most, target and bands too, not {cash:.6g}"
            raise HedgeError(f"{label}, in cash, {reason}")


def snap_dust(rows: Rows, start: Array) -> Rows:
    """Rows where what is but the rounding of all cash in them is at its bound already."""
    total = DUST * float(np.sum(np.abs(rows.now) + np.abs(rows.matrix) @ np.abs(start)))
    near = rows.beyond(np.zeros_like(start)) <= total
    return evolve(rows, now=np.where(near, np.clip(rows.now, rows.low, rows.high), rows.now))


def _greek(
    problem: HedgeProblem,
    greek: str,
    ends: tuple[Mapping[str, float], Mapping[str, Range]],
    price: float,
    *,
    summed: bool,
    hard: bool,
) -> Rows:
    matrix, now = problem.unit_greeks(greek), problem.open_greeks(greek)
    labels = [f"{greek}:{name}" for name in _row_names(problem, greek)]
    if summed:
        matrix, now, labels = matrix.sum(axis=0)[None], now.sum()[None], [greek]
    targets, bands = ends
    pairs = [bands.get(name, (targets.get(name, 0.0),) * 2) for name in labels]
    low, high = np.array(pairs, dtype=float).reshape(-1, 2).T
    return Rows(
        labels=tuple(labels),
        matrix=matrix,
        now=now,
        low=low,
        high=high,
        price=np.full(len(labels), price),
        hard=np.full(len(labels), hard),
    )


def _row_names(problem: HedgeProblem, greek: str) -> Sequence[str]:
    assets = problem.hedged_assets
    if greek == "gamma" and problem.request.cross_gamma:
        pairs = zip(*np.triu_indices(len(assets)), strict=True)
        return [f"{assets[i]}:{assets[j]}" for i, j in pairs]
    return assets


def _row_name(label: str) -> str:
    greek, _, asset = label.partition(":")
    return f"{greek} of {asset}" if asset else f"{greek} of all assets"


def trading_costs(
    problem: HedgeProblem,
    weight: float,
    spread: Mapping[str, float],
    impact: Mapping[str, float],
    fixed: Mapping[str, float],
) -> Trading:
    """Cost of trading, cash, times `weight`: fees and half-spreads, impact, and per order.

    Raises:
        HedgeError: a fee is unknown, and has a weight.

    """
    names, notional = names_of(problem), np.array(problem.notionals, dtype=float)
    fees = _fees(problem) if weight else np.zeros(len(names))
    rate = weight * (fees + notional * by_name(spread, names, 0.0, "spread"))
    return Trading(
        rate=np.maximum(rate, TIE * notional),
        impact=weight * by_name(impact, names, 0.0, "impact"),
        fixed=weight * by_name(fixed, names, 0.0, "fixed_cost"),
    )


def _fees(problem: HedgeProblem) -> Array:
    """Fee of one contract of each, cash (k,); HedgeError where one is unknown."""
    for name, fee in zip(names_of(problem), problem.unit_fees, strict=True):
        if fee is None:
            raise HedgeError(
                f"the fee of {name!r:.80} is unknown, and `minimise` weighs the cost: give `fee` "
                "in the book, or --fee"
            )
    return np.array(problem.unit_fees, dtype=float)


def notional_caps(
    problem: HedgeProblem, single: Mapping[str, float], gross: float | None, leverage: float | None
) -> list[tuple[Array, float, str]]:
    """Limits of notional: per contract (k,) in cash, the limit in cash, and a label, of each."""
    names, notional = names_of(problem), np.array(problem.notionals, dtype=float)
    each, eye = by_name(single, names, np.inf, "notional_limits"), np.eye(len(names))
    caps = [
        (notional[i] * eye[i], float(each[i]), f"notional of {names[i]}")
        for i in np.flatnonzero(np.isfinite(each))
    ]
    if gross is not None:
        caps.append((notional, gross, "gross notional"))
    if leverage is not None:
        caps.append((notional, leverage * _worth(problem), "leverage"))
    return caps


def limits(
    problem: HedgeProblem,
    position: Mapping[str, Range],
    caps: Sequence[tuple[Array, float, str]],
    orders: int | None,
    *,
    lots: bool,
) -> Limits:
    """Limits of positions in contracts, of notionals in cash, and of orders."""
    names = names_of(problem)
    check_names(position, names, "position_limits")
    lot = np.array([each.lot for each in problem.instruments], dtype=float) * lots
    low, high = np.array([position.get(name, (-np.inf, np.inf)) for name in names]).T
    return Limits(
        low=low,
        high=high,
        caps=np.array([cap for cap, _, _ in caps]).reshape(-1, len(names)),
        cap=np.array([most for _, most, _ in caps]),
        labels=tuple(label for _, _, label in caps),
        orders=orders,
        lot=lot,
        least=OrderSizes(lot, np.array(problem.min_orders, dtype=float) * lots).fewest,
    )


def _worth(problem: HedgeProblem) -> float:
    worth = float(problem.target_exposure.value)
    if not worth > 0:
        raise HedgeError(
            f"`max_leverage` is of the target's worth, {worth:g}: give `max_gross` instead"
        )
    return worth


def names_of(problem: HedgeProblem) -> tuple[str, ...]:
    """Names of the instruments, in their order."""
    return tuple(each.name for each in problem.instruments)


def by_name(given: Mapping[str, float], names: Sequence[str], default: float, field: str) -> Array:
    """Numbers of a table in the order of `names`, (k,); `default` where none is given.

    Raises:
        HedgeError: the table names what is not among them.

    """
    check_names(given, names, field)
    return np.array([given.get(name, default) for name in names], dtype=float)


def check_names(given: Collection[str], names: Sequence[str], field: str) -> None:
    """Refuse a table that names what is not among `names`."""
    for name in given:
        if name not in names:
            near, known = did_you_mean(name, names), ", ".join(names)
            raise HedgeError(
                f"`{field}` names {name!r:.80}, which is not here{near} ({known:.200})"
            )
