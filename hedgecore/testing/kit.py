"""Which laws there are for what, and how they are run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from numpy.typing import ArrayLike

from hedgecore.errors import SpecError, did_you_mean
from hedgecore.market.market import Market
from hedgecore.pools.model import PoolModel
from hedgecore.testing import agreement, atoms, calls, checks, instruments, jumps, objects
from hedgecore.testing.law import Check, LawBroken, NothingAnswered
from hedgecore.testing.markets import setting

Failures: TypeAlias = Mapping[str | Check, str]
"""Check, or its name → the reason why it is expected to fail."""

NONE: Failures = MappingProxyType({})
OBJECTS: tuple[Check, ...] = (
    objects.contract_kept,
    objects.spec_round_trip,
    objects.frozen,
    objects.hashable,
    objects.picklable,
)
INSTALLED: tuple[Check, ...] = (objects.registered, objects.documented)
POOLS: tuple[Check, ...] = (
    calls.answers,
    calls.refusals_are_unreachable,
    calls.shapes,
    calls.batch_equals_pointwise,
    calls.bad_prices_rejected,
    calls.inputs_untouched,
    checks.finite,
    checks.delta_is_d_value,
    checks.gamma_is_d_delta,
    jumps.breaks_named,
    atoms.delta_jumps_by_atoms,
    checks.gamma_symmetric,
    checks.gamma_nonpositive,
    checks.holdings_nonnegative,
    checks.euler,
    checks.gamma_annihilates_prices,
    agreement.answers_agree,
    agreement.numeraire_does_not_matter,
    agreement.homogeneous,
    agreement.holdings_at_spot_are_reserves,
    *OBJECTS,
)
INSTRUMENTS: tuple[Check, ...] = (
    instruments.terms_sensible,
    instruments.exposure_finite,
    instruments.worth_is_value,
    instruments.entering_keeps_risk,
    instruments.delta_is_d_worth,
    instruments.exposure_gamma_is_d_delta,
    instruments.exposure_gamma_symmetric,
    instruments.arrays_equal_pointwise,
    instruments.linear,
    instruments.market_untouched,
    *OBJECTS,
)


def pool_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of pool models; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import pool_checks
        >>> "euler" in {check.__name__ for check in pool_checks()}
        True

    """
    return (*POOLS, *INSTALLED) if installed else POOLS


def instrument_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of instruments; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import instrument_checks
        >>> "entering_keeps_risk" in {check.__name__ for check in instrument_checks()}
        True

    """
    return (*INSTRUMENTS, *INSTALLED) if installed else INSTRUMENTS


def checks_of(model: Any) -> tuple[Check, ...]:
    """Laws that apply to a pool model or an instrument.

    Example:
        >>> from hedgecore.testing import checks_of
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> len(checks_of(pool)) > 10
        True

    """
    there = objects.installed(type(model))
    return (pool_checks if isinstance(model, PoolModel) else instrument_checks)(installed=there)


def verdicts(model: Any, at: Any = None) -> dict[str, LawBroken | None]:
    """Verdicts law → how it is broken, or None where it holds, of a model or an instrument.

    Args:
        model: the one or the other.
        at: prices to check a pool at, or the market to check an instrument in.

    Example:
        >>> from hedgecore.testing import verdicts
        >>> spot = hc.build({"kind": "spot", "name": "ETH-SPOT", "asset": "WETH"})
        >>> set(verdicts(spot).values())
        {None}

    """
    there = at if isinstance(model, PoolModel) else _setting(model, at)
    return {check.__name__: _verdict(check, model, there) for check in checks_of(model)}


def _setting(instrument: Any, market: Any) -> Any:
    """Return the markets to check in, found once for all laws; each law says why there are none."""
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


def parametrize_with_checks(
    models: Iterable[Any], expected_failures: Failures = NONE
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator that runs ``def test_contract(model, check): check(model)`` on each law.

    Args:
        models: pool models, instruments, or both.
        expected_failures: check, or its name → why it fails: a strict xfail.

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
    excused = _named(expected_failures, [check for _, checks in given for check in checks])
    marks = {
        name: (pytest.mark.xfail(reason=why, strict=True, raises=LawBroken),)
        for name, why in excused.items()
    }
    cases = [
        pytest.param(model, check, id=f"{_kind(model)}-{name}", marks=marks.get(name, ()))
        for model, checks in given
        for check in checks
        for name in (check.__name__,)
    ]
    return pytest.mark.parametrize(("model", "check"), cases)


def _check(model: Any, at: Any, expected_failures: Failures) -> None:
    excused = _named(expected_failures, checks_of(model))
    found = verdicts(model, at)
    given = [_unexcused(name, error, excused) for name, error in found.items()]
    broken = [error for error in given if error is not None and not follows(error, found)]
    if broken:
        laws = ", ".join(error.law for error in broken)
        raise ExceptionGroup(f"{model!r:.200} breaks {len(broken)} laws: {laws}", broken)


def _unexcused(name: str, found: LawBroken | None, excused: Mapping[str, str]) -> LawBroken | None:
    if name not in excused:
        return found
    if found is not None:
        return None
    reason = f"it was expected to fail ({excused[name]}) and holds: expect it no more"
    return LawBroken(reason, law=name)


def follows(error: LawBroken, found: Mapping[str, LawBroken | None]) -> bool:
    """Return whether an error is but a consequence of what `answers` already says."""
    return isinstance(error, NothingAnswered) and found.get("answers") is not None


def _verdict(check: Check, model: Any, at: Any) -> LawBroken | None:
    try:
        check(model, at)
    except LawBroken as error:
        return error
    return None


def _named(failures: Failures, checks: Sequence[Check]) -> dict[str, str]:
    """Return name → reason; SpecError for what is no check."""
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
