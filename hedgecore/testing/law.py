"""Laws, the errors of those that are broken, and how far numbers may differ."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.numerics.arrays import Array
from hedgecore.testing.answers import kept_answers


class LawBroken(AssertionError):  # noqa: N818 - it is what happened, as in a test
    """Law that a model breaks: at which price, what was got and what expected.

    Attributes:
        law: the name of the check.
        reason: what is wrong, in words.
        price: at which price, or market; None where that does not matter.
        got: what the model says there.
        expected: what it would have to say.

    Example:
        >>> from hedgecore.testing import LawBroken
        >>> issubclass(LawBroken, AssertionError)
        True

    """

    def __init__(
        self,
        reason: str,
        *,
        price: object = None,
        got: object = None,
        expected: object = None,
        law: str = "",
    ) -> None:
        super().__init__(reason)
        self.law = law
        self.reason = reason
        self.price = price
        self.got = got
        self.expected = expected

    def __str__(self) -> str:
        """Break of a law in one line."""
        at = "" if self.price is None else f" at price {_short(self.price)}"
        nothing = self.got is None and self.expected is None
        told = "" if nothing else f": got {_short(self.got)}, expected {_short(self.expected)}"
        return f"{self.law}{at}: {self.reason}{told}"


class NothingAnswered(LawBroken):
    """The model refuses all prices: `answers` says why, and no other law can be told to hold."""


class CannotBeTold(LawBroken):
    """Verdict where the kit has nothing to try a model on: the law is neither kept nor broken.

    Example:
        >>> from hedgecore.testing import CannotBeTold, LawBroken
        >>> issubclass(CannotBeTold, LawBroken)
        True

    """


class Check(Protocol):
    """Law as a function: it raises LawBroken, or returns nothing.

    Example:
        >>> from hedgecore.testing import Check, pool_checks
        >>> law: Check = pool_checks()[0]
        >>> callable(law)
        True

    """

    __name__: str

    def __call__(self, model: Any, at: Any = None, /) -> None:
        """Check `model`, at prices (a pool) or in a market (an instrument) of one's own choice."""
        ...


def law(check: Callable[[Any, Any], None]) -> Check:
    """Make a law of a function: whatever it raises becomes LawBroken by its name."""
    name = str(getattr(check, "__name__", check))

    @wraps(check)
    def checked(model: Any, at: Any = None, /) -> None:
        try:
            with np.errstate(all="ignore"), kept_answers():
                check(model, at)
        except LawBroken as error:
            error.law = name
            raise
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            raise LawBroken(f"the model raised {said}", law=name) from error

    return cast("Check", checked)


def compare(
    points: Array, got: ArrayLike, expected: ArrayLike, tolerance: ArrayLike, reason: str
) -> None:
    """Require `got` to be `expected` within `tolerance`, all (N, …); report the worst point."""
    got, expected = np.broadcast_arrays(np.asarray(got), np.asarray(expected))
    with np.errstate(all="ignore"):
        off = np.abs(got - expected)
        excess = np.where(got == expected, 0.0, off / np.asarray(tolerance))
    worse = np.where(np.isnan(excess), np.inf, excess).reshape(len(got), -1)
    if worse.size and worse.max() > 1:
        row, column = np.unravel_index(worse.argmax(), worse.shape)
        flat = (array.reshape(len(array), -1)[row, column] for array in (got, expected))
        raise LawBroken(
            reason, price=place(points, int(row)), **dict(zip(_BOTH, flat, strict=True))
        )


_BOTH = ("got", "expected")


def place(points: Array, row: int) -> Any:
    """One price as a user would write it: a float, or a list of floats."""
    point = points[row].tolist()
    return point[0] if len(point) == 1 else point


def require(holds: object, reason: str, *, got: object = None, expected: object = None) -> None:
    """Raise LawBroken unless `holds`."""
    if not holds:
        raise LawBroken(reason, got=got, expected=expected)


def _short(shown: object) -> str:
    return f"{float(shown)!r}" if isinstance(shown, float) else f"{shown!r:.160}"
