"""Running of laws: all of a model, with their verdicts, or as tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from numpy.typing import ArrayLike

from hedgecore.errors import SpecError, did_you_mean
from hedgecore.interfaces.source import Progress
from hedgecore.interfaces.venue import AbstractVenue
from hedgecore.market.market import Market
from hedgecore.pools.model import PoolModel
from hedgecore.testing.answers import kept_answers
from hedgecore.testing.law import CannotBeTold, Check, LawBroken, NothingAnswered
from hedgecore.testing.laws import LAWS, checks_of
from hedgecore.testing.markets import setting
from hedgecore.testing.venue_bench import VenueCase

Failures: TypeAlias = Mapping[str | Check, str]
"""Check, or its name → the reason why it is expected to fail."""

NONE: Failures = MappingProxyType({})


def verdicts(
    model: Any, at: Any = None, progress: Progress | None = None
) -> dict[str, LawBroken | None]:
    """Verdicts law → how it is broken, or None where it holds, of a model of any kind.

    Args:
        model: the model.
        at: where to check it: prices of a pool, the market of an instrument, problems of a solver,
            the observation of a policy, the trades of a cost, a `SourceCase` of a reader, a
            `VenueCase` of a venue.
        progress: called with the number of laws that are checked, and of all.

    Example:
        >>> from hedgecore.testing import verdicts
        >>> spot = hc.build({"kind": "spot", "name": "ETH-SPOT", "asset": "WETH"})
        >>> set(verdicts(spot).values())
        {None}

    """
    there = _setting(model, at) if _is_instrument(model) else at
    checks, found = checks_of(model), dict[str, LawBroken | None]()
    with kept_answers():
        for check in checks:
            found[check.__name__] = _verdict(check, model, there)
            if progress is not None:
                progress(len(found), len(checks))
    return found


def _is_instrument(model: Any) -> bool:
    return not isinstance(model, tuple(LAWS))


def _setting(instrument: Any, market: Any) -> Any:
    """Markets to check in, found once for all laws; each law says why there are none."""
    try:
        return setting(instrument, market)
    except Exception:  # noqa: BLE001 - whatever the instrument raises
        return market


def check_pool_model(
    model: PoolModel, prices: ArrayLike | None = None, *, expected_failures: Failures = NONE
) -> None:
    """Check a pool model against all laws.

    Args:
        model: an instance; a class has many, so check those that differ.
        prices: of shape S+(m,), a pair's S; by default a grid round its own price and its breaks,
            out to extremes.
        expected_failures: check, or its name → why it fails. One that passes is an error too.

    Raises:
        ExceptionGroup: of LawBroken, one for each law that is broken.

    Example:
        >>> from hedgecore.testing import check_pool_model
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> check_pool_model(pool)

    """
    _check(model, prices, expected_failures)


def check_instrument(
    instrument: Any, market: Market | None = None, *, expected_failures: Failures = NONE
) -> None:
    """Check an instrument against all laws.

    Args:
        instrument: an instance.
        market: a scalar one; by default many, with prices for every name in the instrument.
        expected_failures: check, or its name → why it fails. One that passes is an error too.

    Raises:
        ExceptionGroup: of LawBroken, one for each law that is broken.

    Example:
        >>> from hedgecore.testing import check_instrument
        >>> spot = hc.build({"kind": "spot", "name": "ETH-SPOT", "asset": "WETH"})
        >>> check_instrument(spot)

    """
    _check(instrument, market, expected_failures)


def check_venue(
    venue: AbstractVenue, case: VenueCase, *, expected_failures: Failures = NONE
) -> None:
    """Check a venue against all laws, in a world of its own.

    Args:
        venue: an instance.
        case: returns that world, anew for each law: a fake, or a node.
        expected_failures: check, or its name → why it fails. One that passes is an error too.

    Raises:
        ExceptionGroup: of LawBroken, one for each law that is broken.

    Example:
        >>> from hedgecore.testing import FakeBench, FakeVenue, VenueCase, check_venue
        >>> check_venue(FakeVenue(exchange="bench"), VenueCase(FakeBench.opened))

    """
    _check(venue, case, expected_failures)


def parametrize_with_checks(
    models: Iterable[Any], expected_failures: Failures = NONE, *, at: Any = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator that runs ``def test_contract(model, check): check(model)`` on each law.

    Args:
        models: pool models, instruments, solvers, policies, costs, readers, venues.
        expected_failures: check, or its name → why it fails: a strict xfail.
        at: where to check them all, as `verdicts` takes it, where the kit's own is not right.

    Example:
        >>> from hedgecore.testing import parametrize_with_checks
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> @parametrize_with_checks([pool])
        ... def test_contract(model, check):
        ...     check(model)

    """
    import pytest  # noqa: PLC0415 - the kit works without

    given = [(model, checks_of(model)) for model in models]
    excused = _excuses(expected_failures, [check for _, checks in given for check in checks])
    marks = {
        name: (pytest.mark.xfail(reason=why, strict=True, raises=LawBroken),)
        for name, why in excused.items()
    }
    cases = [
        pytest.param(
            model, _at_place(check, at), id=f"{_kind(model)}-{name}", marks=marks.get(name, ())
        )
        for model, checks in given
        for check in checks
        for name in (check.__name__,)
    ]
    return pytest.mark.parametrize(("model", "check"), cases)


def _at_place(check: Check, at: Any) -> Check:
    """Law at a place of one's own."""
    if at is None:
        return check

    @wraps(check)
    def placed(model: Any, there: Any = None, /) -> None:
        check(model, at if there is None else there)

    return cast("Check", placed)


def _check(model: Any, at: Any, expected_failures: Failures) -> None:
    excused = _excuses(expected_failures, checks_of(model))
    found = verdicts(model, at)
    given = [_without_excuse(name, error, excused) for name, error in found.items()]
    broken = [error for error in given if error is not None and not follows(error, found)]
    if broken:
        laws = ", ".join(error.law for error in broken)
        raise ExceptionGroup(f"{model!r:.200} breaks {len(broken)} laws: {laws}", broken)


def _without_excuse(
    name: str, found: LawBroken | None, excused: Mapping[str, str]
) -> LawBroken | None:
    if name not in excused:
        return found
    if found is not None:
        return None
    reason = f"it was expected to fail ({excused[name]}) and holds: expect it no more"
    return LawBroken(reason, law=name)


def follows(error: LawBroken, found: Mapping[str, LawBroken | None]) -> bool:
    """True if an error says that a law cannot be told, here or for want of any answer."""
    answered = found.get("answers") is None
    return isinstance(error, CannotBeTold) or (isinstance(error, NothingAnswered) and not answered)


def _verdict(check: Check, model: Any, at: Any) -> LawBroken | None:
    try:
        check(model, at)
    except LawBroken as error:
        return error
    return None


def _excuses(failures: Failures, checks: Sequence[Check]) -> dict[str, str]:
    """Name → reason; SpecError for what is no check."""
    known = {check.__name__ for check in checks}
    named = {
        key if isinstance(key, str) else key.__name__: reason for key, reason in failures.items()
    }
    for name in named:
        if name not in known:
            near = did_you_mean(name, known)
            raise SpecError(f"there is no check {name!r:.80}{near}", field="expected_failures")
    return named


def _kind(model: Any) -> str:
    return str(type(model).kind)
