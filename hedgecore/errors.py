"""What can go wrong, as a tree: catch `HedgecoreError`, or the builtin that you would expect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known name nearest to `name`, or an empty string."""
    near = get_close_matches(str(name)[:200], list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r:.80}?" if near else ""


class HedgecoreError(Exception):
    """Everything that hedgecore raises on purpose."""


class PluginError(HedgecoreError):
    """A plugin could not be loaded, breaks the contract, or takes a name that is taken."""


class UnknownKindError(HedgecoreError, LookupError):
    """No installed plugin provides this kind; the message names the nearest that is there."""


class SpecError(HedgecoreError, ValueError):
    """A description (a table, a field, a file) is wrong: which `kind`, which `field`, and why.

    The message is ``kind.field: reason``; both places are also attributes, None where unknown.
    """

    def __init__(self, reason: str, *, kind: str | None = None, field: str | None = None) -> None:
        place = ".".join(part for part in (kind, field) if part)
        super().__init__(f"{place}: {reason}" if place else reason)
        self.kind = kind
        self.field = field


class PriceError(HedgecoreError, ValueError):
    """A price is not positive and finite, or its shape does not fit the pool's assets."""


class AssetError(HedgecoreError, LookupError):
    """An asset is asked for that is not there: the market has no price for it, say."""


class ConvergenceError(HedgecoreError, ArithmeticError):
    """An iteration did not reach its answer, so there is none: never a wrong number in its place.

    `iterations` taken and the worst `residual` left are attributes, None where they do not apply.
    """

    def __init__(
        self, reason: str, *, iterations: int | None = None, residual: float | None = None
    ) -> None:
        super().__init__(reason)
        self.iterations = iterations
        self.residual = residual


class HedgeError(HedgecoreError, ValueError):
    """A hedge cannot be computed at all: no instruments, two of one name, an unknown asset."""


class ReaderError(HedgecoreError, OSError):
    """The chain or the venue could not be read; never a zero in its place."""


@contextmanager
def placed(place: str) -> Iterator[None]:
    """Say, of an error raised within, at which place it is: of the same class, as its cause."""
    try:
        yield
    except HedgecoreError as error:
        outer = type(error)(f"{place}: {error}")
        vars(outer).update(vars(error))
        raise outer from error
