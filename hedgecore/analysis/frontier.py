"""Efficient frontier: the points that no other beats in cost and in risk both."""

from __future__ import annotations

from collections.abc import Sequence

from hedgecore.numerics.ties import round_for_ties


def efficient(points: Sequence[tuple[float, float]]) -> list[int]:
    """Indices of the Pareto-efficient points, the cheapest first.

    Args:
        points: (cost, risk) of each candidate, where less is better; of two equal points both are
            efficient, or neither.

    Examples:
        >>> efficient([(3.0, 1.0), (1.0, 2.0), (2.0, 2.5)])
        [1, 0]

    """
    best: list[int] = []
    places = round_for_ties(points).tolist()  # without what is rounding alone
    for k in sorted(range(len(points)), key=places.__getitem__):
        if not best or places[k][1] < places[best[-1]][1] or places[k] == places[best[-1]]:
            best.append(k)
    return best
