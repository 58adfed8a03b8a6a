"""Formulas of a plugin: what they are called with, and what they may answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from math import isfinite, nan
from typing import Any, NoReturn

import numpy as np

from hedgecore.errors import HedgecoreError, PluginError, panic
from hedgecore.numerics.arrays import Array

MOST_ITEMS = 2**21
"""Breakpoints or atoms of one pool, at most: a list with more of them does not end."""
SEQUENCES = (tuple, list, np.ndarray)
ARRAY, FLOAT64 = np.ndarray, np.dtype(np.float64)


def column(numbers: Sequence[float]) -> Array:
    """Array (n, 1) of n numbers, not to be written into."""
    made = np.array(numbers, ndmin=2).T
    made.setflags(0)  # type: ignore[call-arg, arg-type]  # `write`, at half the cost
    return made


def alone(given: Any) -> float:
    """Number that a formula gives for one price, in an array of one or bare; NaN of all else."""
    if type(given) is ARRAY and given.dtype is FLOAT64 and given.size == 1:
        return given.item()  # type: ignore[no-any-return]
    return float(given) if isinstance(given, float | int) else nan


def call(kind: str, formula: Callable[..., Any], *given: Any) -> Any:
    """Values of a plugin's formula at arrays.

    Raises:
        PluginError: it writes into them, their shapes do not fit together, it divides by zero, or
            it panics.

    """
    try:
        return formula(*given)
    except BaseException as error:  # noqa: BLE001 - raised again, in our terms
        raise_failure(kind, error)


def raise_failure(kind: str, error: BaseException) -> NoReturn:
    """Raise what a plugin's formula raised, in our terms."""
    if isinstance(error, HedgecoreError | KeyboardInterrupt):
        raise error
    if isinstance(error, ValueError | ArithmeticError):
        raise PluginError(f"{kind}: a formula failed: {error}") from error
    if isinstance(error, Exception):
        error.add_note(f"in a formula of {kind!r}")
        raise error
    raise panic(kind, error) from error


def call_listed(kind: str, formula: Callable[[], Iterable[Any]]) -> list[Any]:
    """Items that a plugin's formula lists, all of them.

    Raises:
        PluginError: it fails, or it does not end.

    """
    found: list[Any] = call(kind, lambda: list(islice(formula(), MOST_ITEMS + 1)))
    if len(found) > MOST_ITEMS:
        listed = formula.__name__.removeprefix("_")
        raise PluginError(f"{kind}: its {listed} do not end: {MOST_ITEMS} are the most")
    return found


def fill(kind: str, given: Any, answer: Array, prices: Array, *, endless: bool = False) -> Array:
    """`answer`, filled with what a formula gave at `prices`.

    Raises:
        PluginError: that does not fit, or is NaN somewhere, or infinite and not `endless`.

    """
    sound = True
    try:
        for row, part in zip(answer, given, strict=True):
            np.copyto(row, part, casting="same_kind")
            sound = sound and isfinite(row.dot(row))
    except (TypeError, ValueError) as error:
        got = f"{given!r:.60} where an array of shape {answer.shape} is due"
        raise PluginError(f"{kind}: a formula returned {got} ({error})") from error
    if not sound:
        _refuse(kind, answer, prices, endless=endless)
    return answer


def _refuse(kind: str, answer: Array, prices: Array, *, endless: bool) -> None:
    """Raise a PluginError on what is no number; infinities are some where `endless`."""
    bad = np.isnan(answer) if endless else ~np.isfinite(answer)
    where = bad.reshape(-1, answer.shape[-1]).any(axis=0)
    if where.any():
        what = "NaN" if np.isnan(answer).any() else "inf"
        price = prices[:, where][:, 0]
        raise PluginError(f"{kind}: a formula gave {what} at price {price.tolist()}")
