"""Evaluation of a pool's formulas: checked prices go in, and checked numbers come out.

An `Evaluation` is the one place where a formula is called, and where a compiled kernel takes its
stead: whatever gives holdings and gamma, for floats or for arrays, is a pool. The functions below
run one over a point, or over an axis of prices in blocks, or give a long one to its kernel.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from math import isfinite
from typing import Any, TypeAlias

import numpy as np

from hedgecore.errors import HedgecoreError, PluginError, panic
from hedgecore.fast import is_fast
from hedgecore.numerics.arrays import Array, read_only
from hedgecore.pools.kernel import Kernel
from hedgecore.pools.shapes import lone, point, point_numbers

Fill: TypeAlias = Callable[[Array, Array, Array], bool]
"""`PoolModel._fill` of a pool."""

BLOCK = 8192
"""Prices that a formula sees at once, at most: few enough that the arrays it makes on its way stay
in a cache and come from memory that is at hand (64 KiB each), enough to hide what calls cost."""

MOST_ITEMS = 2**21
"""Breakpoints or atoms of one pool, at most: a list with more of them does not end."""


class Evaluation(ABC):
    """Holdings, gamma and value of one pool, as its formulas give them.

    Prices are those of the first m = n − 1 assets in the quote: an array (m, N), or a tuple of m
    floats, for which the answers are floats too.
    """

    __slots__ = ("fill_all", "kernel", "kind", "m")

    def __init__(self, kind: str, m: int, kernel: Callable[[], Kernel | None]) -> None:
        self.kind, self.m, self.kernel = kind, m, kernel
        self.fill_all: Fill | None = None

    @abstractmethod
    def holdings(self, prices: Any) -> Sequence[Any]:
        """Amounts of the n assets, the quote's last."""

    @abstractmethod
    def gamma(self, prices: Any, holdings: Any) -> Sequence[Sequence[Any]]:
        """Derivatives ∂holdings/∂prices, m rows of m."""

    @abstractmethod
    def value(self, prices: Any, holdings: Any) -> Any:
        """Worth in the quote asset."""

    def at(self, price: Any) -> tuple[Any, Any, Any, Any] | None:
        """Value, delta, gamma and holdings at one price, by floats; None where they cannot say."""
        one = point_greeks(self, price, bent=True)
        return None if one is None else point_numbers(*one)


def point_greeks(
    evaluation: Evaluation, price: Any, *, bent: bool = False
) -> tuple[float, Any, Any, int] | None:
    """Value, holdings and, where `bent`, gamma at one price, in floats; and the axes of one.

    None where `price` is not plainly one, and where floats cannot say (1/0, NaN, no floats): then
    arrays answer, or refuse.
    """
    given, axes = lone(price, evaluation.m) if type(price) is np.ndarray else (price, 0)
    prices = point(given, evaluation.m)
    if prices is None:
        return None
    try:
        holdings = evaluation.holdings(prices)
        value = evaluation.value(prices, holdings)
        gamma = evaluation.gamma(prices, holdings) if bent else ()
    except (ArithmeticError, ValueError):
        return None
    if not (isinstance(value, float) and isfinite(value)):
        return None
    for row in gamma:
        for each in row:
            if not (isinstance(each, float) and each == each):  # noqa: PLR0124
                return None
    return value, holdings, gamma, axes


def fill_greeks(
    evaluation: Evaluation,
    prices: Array,
    *,
    value: Array | None = None,
    holdings: Array | None = None,
    gamma: Array | None = None,
) -> None:
    """Fill what is given: value (N,), holdings (n or m, N), gamma (m, m, N)."""
    m, size = prices.shape
    bend = None if gamma is None else gamma.reshape(m * m, size)
    if is_fast(size) and (kernel := evaluation.kernel()) is not None:
        if call(evaluation.kind, kernel.fill, prices, value, holdings, bend):
            return
    elif _fill_in_place(evaluation, prices, value, holdings, bend):
        return
    with np.errstate(all="ignore"):
        for block in blocks(size):
            part = read_only(np.ascontiguousarray(prices[:, block]))
            held = _holdings(evaluation, part, None if holdings is None else holdings[:, block])
            if value is not None:
                worth = call(evaluation.kind, evaluation.value, part, held)
                fill(evaluation.kind, (worth,), value[None, block], part)
            if bend is not None:
                _gamma(evaluation, part, held, bend[:, block])


def _fill_in_place(
    evaluation: Evaluation,
    prices: Array,
    value: Array | None,
    holdings: Array | None,
    gamma: Array | None,
) -> bool:
    """Fill all of it block by block, and tell whether that went; no, where not all is asked for."""
    fill_all = evaluation.fill_all
    if fill_all is None or value is None or gamma is None or holdings is None:
        return False
    if len(holdings) == len(prices):
        return False
    with np.errstate(all="ignore"):
        for at in blocks(prices.shape[1]):
            part = read_only(np.ascontiguousarray(prices[:, at]))
            held, bend = holdings[:, at], gamma[:, at]
            if not call(evaluation.kind, fill_all, part, held, bend):
                return False
            if not _fill_worth(part, held, value[at]) or not all(map(_is_finite, bend)):
                return False
    return True


def _fill_worth(prices: Array, holdings: Array, value: Array) -> bool:
    """Fill value p·x + y, (N,), and tell whether all is finite, holdings too."""
    np.multiply(prices[0], holdings[0], out=value)
    for i in range(1, len(prices)):
        value += prices[i] * holdings[i]
    value += holdings[-1]
    return _is_finite(value)


def _is_finite(row: Array) -> bool:
    """True where all numbers (N,) are finite; False, too, where their squares are not."""
    return isfinite(row.dot(row))


def gamma_at(evaluation: Evaluation, prices: Array, holdings: Array) -> Array:
    """Gamma (m, m, N) where holdings (n, N) are known, which need not be those at the prices."""
    m, size = prices.shape
    with np.errstate(all="ignore"):
        answer = np.empty((m * m, size))
        return _gamma(evaluation, read_only(prices), holdings, answer).reshape(m, m, size)


def _holdings(evaluation: Evaluation, prices: Array, answer: Array | None) -> Array:
    """All n holdings: in `answer` where that has room for them, else beside its m."""
    m, size = prices.shape
    whole = answer is not None and len(answer) > m
    room = answer if answer is not None and whole else np.empty((m + 1, size))
    held = fill(evaluation.kind, call(evaluation.kind, evaluation.holdings, prices), room, prices)
    if answer is not None and not whole:
        answer[...] = held[:m]
    return held


def _gamma(evaluation: Evaluation, prices: Array, holdings: Array, answer: Array) -> Array:
    rows = call(evaluation.kind, evaluation.gamma, prices, read_only(holdings))
    entries = [entry for row in rows for entry in row]
    return fill(evaluation.kind, entries, answer, prices, endless=True)


def blocks(size: int) -> Iterator[slice]:
    """Blocks of an axis of `size`; one at least."""
    for start in range(0, max(size, 1), BLOCK):
        yield slice(start, min(start + BLOCK, size))


def call(kind: str, formula: Callable[..., Any], *given: Any) -> Any:
    """Values of a plugin's formula at arrays.

    Raises:
        PluginError: it writes into them, their shapes do not fit together, it divides by zero, or
            it panics.

    """
    try:
        return formula(*given)
    except HedgecoreError:
        raise
    except (ValueError, ArithmeticError) as error:
        raise PluginError(f"{kind}: a formula failed: {error}") from error
    except Exception as error:
        error.add_note(f"in a formula of {kind!r}")
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
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
