"""Errors as a tree: catch `HedgecoreError`, or the builtin that you would expect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

WORD, CODE, SHORT = 0.7, 0.8, 3
"""Least likeness of a word, and of a code in capitals; a code no longer than that is like no other.

In a code each letter tells: USDC is another coin, and no slip for USD.
"""


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """``"; did you mean 'x'?"`` for the known name nearest to `name`, or an empty string.

    The nearest is the same in another case, has the same letters in another order, or is like it,
    in this order of rank.

    Examples:
        >>> did_you_mean("weth", ["WBTC", "WETH"]), did_you_mean("amuont", ["amount"])
        ("; did you mean 'WETH'?", "; did you mean 'amount'?")
        >>> did_you_mean("USDC", ["USD", "WETH"])
        ''

    """
    given, names = str(name)[:200].casefold(), [str(each) for each in known]
    near = [each for each in names if each.casefold() == given]
    near += [each for each in names if sorted(each.casefold()) == sorted(given)]
    near += _alike(given, [each for each in names if not each.isupper()], WORD)
    near += _alike(given, [each for each in names if each.isupper() and len(each) > SHORT], CODE)
    return f"; did you mean {near[0]!r:.80}?" if near else ""


def _alike(given: str, names: Iterable[str], cutoff: float) -> list[str]:
    """Name most like a given one in lower case, if one is by at least the cutoff."""
    folded = {each.casefold(): each for each in names}
    return [folded[each] for each in get_close_matches(given, list(folded), n=1, cutoff=cutoff)]


class HedgecoreError(Exception):
    """Base of everything that hedgecore raises on purpose.

    Example:
        >>> issubclass(hc.PriceError, hc.HedgecoreError)
        True

    """


class PluginError(HedgecoreError):
    """Plugin that cannot be loaded, breaks the contract, or takes a name that is taken.

    Example:
        >>> try:
        ...     hc.default_registry().plus(pools=[int])
        ... except hc.PluginError as error:
        ...     print("int is no PoolModel" in str(error))
        True

    """


class UnknownKindError(HedgecoreError, LookupError):
    """Kind that no installed plugin provides; the message names the nearest that one does.

    Example:
        >>> try:
        ...     hc.build({"kind": "uniswap-v22"})
        ... except hc.UnknownKindError as error:
        ...     print("uniswap-v2" in str(error))
        True

    """


class SpecError(HedgecoreError, ValueError):
    """Description (a table, a field, a file) that is wrong: which `kind`, which `field`, and why.

    The message is ``kind.field: reason``; both places are also attributes, None where unknown.

    Example:
        >>> error = hc.SpecError("must be positive, not -1", kind="uniswap-v2", field="fee")
        >>> print(error)
        uniswap-v2.fee: must be positive, not -1
        >>> error.field
        'fee'

    """

    def __init__(self, reason: str, *, kind: str | None = None, field: str | None = None) -> None:
        place = ".".join(part for part in (kind, field) if part)
        super().__init__(f"{place}: {reason}" if place else reason)
        self.kind = kind
        self.field = field


class PriceError(HedgecoreError, ValueError):
    """Price that is not positive and finite, or of a shape that does not fit the pool's assets.

    Example:
        >>> try:
        ...     hc.Market(prices={"WETH": -1.0})
        ... except hc.PriceError as error:
        ...     print(error)
        the price of 'WETH' is -1.0: it must be positive and finite

    """


class AssetError(HedgecoreError, LookupError):
    """Asset that is unknown where it is asked for: one that the market has no price for, say.

    Example:
        >>> try:
        ...     hc.Market(prices={"WETH": 3000.0}).price("WBTC")
        ... except hc.AssetError as error:
        ...     print("WBTC" in str(error))
        True

    """


class ConvergenceError(HedgecoreError, ArithmeticError):
    """Iteration without an answer: never a wrong number in its place.

    `iterations` taken and the worst `residual` left are attributes, None where they do not apply.

    Example:
        >>> error = hc.ConvergenceError("no holdings at this price", iterations=7, residual=0.1)
        >>> error.iterations
        7

    """

    def __init__(
        self, reason: str, *, iterations: int | None = None, residual: float | None = None
    ) -> None:
        super().__init__(reason)
        self.iterations = iterations
        self.residual = residual


class HedgeError(HedgecoreError, ValueError):
    """Hedge that cannot be computed at all: no instruments, two of one name, an unknown asset.

    Example:
        >>> try:
        ...     hc.hedge(hc.Balance("WETH"), with_=[], market=hc.Market(prices={"WETH": 3000.0}))
        ... except hc.HedgeError as error:
        ...     print(error)
        there are no instruments to hedge with: give at least one

    """


class ReaderError(HedgecoreError, OSError):
    """Chain or venue that could not be read; never a zero in its place.

    Attributes:
        found: of a search a part of which failed, what the rest found.

    Example:
        >>> issubclass(hc.ReaderError, OSError)
        True

    """

    found: Sequence[Any] = ()


class SearchError(ReaderError):
    """Search of an owner's that was not made, where nothing shows that anything is there.

    One that shows what it could not list is a plain `ReaderError`, and that is unknown.

    Example:
        >>> issubclass(hc.SearchError, hc.ReaderError)
        True

    """


class VenueError(HedgecoreError, OSError):
    """Venue that gave no answer, or an incomplete one; what was asked of it stays unknown.

    Example:
        >>> issubclass(hc.VenueError, OSError)
        True

    """


class RejectedError(VenueError):
    """Order that a venue has refused, provably: it was not and will not be executed.

    Example:
        >>> issubclass(hc.RejectedError, hc.VenueError)
        True

    """


class JournalError(HedgecoreError, OSError):
    """Journal that cannot be written, or whose text is not what was written: nothing is sent then.

    Example:
        >>> issubclass(hc.JournalError, OSError)
        True

    """


class LeaseError(HedgecoreError, OSError):
    """Lease that another process has, or that is lost: one loop alone trades on an account.

    Example:
        >>> issubclass(hc.LeaseError, OSError)
        True

    """


def is_foreign(error: BaseException) -> bool:
    """True if an error is neither an Exception nor a wish to stop: a compiled extension's panic.

    `SystemExit` is foreign: a formula that ends the process would end it with exit code 0.

    Examples:
        >>> is_foreign(KeyboardInterrupt()), is_foreign(ValueError()), is_foreign(SystemExit())
        (False, False, True)

    """
    return not isinstance(error, (Exception, KeyboardInterrupt, GeneratorExit))


@contextmanager
def blame(name: str) -> Iterator[None]:
    """Turn the panic of a plugin's formula, raised within, into a PluginError that names `name`."""
    try:
        yield
    except BaseException as error:
        if not is_foreign(error):
            raise
        raise panic(name, error) from error


def panic(name: str, error: BaseException) -> PluginError:
    """Error of the plugin's code that `name` names, which broke off with a foreign error."""
    reason = f"the plugin's own code broke off with {type(error).__name__}: {error}"
    return PluginError(f"{name}: {reason}")


@contextmanager
def at_place(place: str) -> Iterator[None]:
    """Say, of an error raised within, at which place it is: of the same class, as its cause."""
    try:
        yield
    except HedgecoreError as error:
        outer = type(error)(f"{place}: {error}")
        vars(outer).update(vars(error))
        raise outer from error
    except BaseException as error:
        if not is_foreign(error):
            raise
        raise panic(place, error) from error
