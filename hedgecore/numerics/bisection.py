"""Bisection: the number at which a condition begins to hold."""

from __future__ import annotations

from collections.abc import Callable


def bisect(holds: Callable[[float], bool], without: float, at: float, halvings: int) -> float:
    """Number next to where a condition begins to hold, on its side.

    Args:
        holds: the condition, which changes once between the two numbers.
        without: a number at which it does not hold.
        at: one at which it does.
        halvings: of the interval, at most; fewer where no number is left between its ends.

    Examples:
        >>> bisect(lambda x: x * x >= 2.0, 0.0, 2.0, 60)
        1.4142135623730951

    """
    for _ in range(halvings):
        middle = 0.5 * (without + at)
        if middle in (without, at):
            break
        without, at = (without, middle) if holds(middle) else (middle, at)
    return at
