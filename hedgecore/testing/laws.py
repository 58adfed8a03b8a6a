"""Table of laws, for each base of kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.income import AbstractIncome
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.venue import AbstractVenue
from hedgecore.pools.model import PoolModel
from hedgecore.testing import (
    agreement,
    atoms,
    calls,
    checks,
    costs,
    instruments,
    jumps,
    objects,
    policies,
    readers,
    solvers,
    venue_orders,
    venues,
)
from hedgecore.testing.law import Check

OBJECTS: tuple[Check, ...] = (
    objects.contract_kept,
    objects.spec_round_trip,
    objects.frozen,
    objects.hashable,
    objects.picklable,
)
VALUES: tuple[Check, ...] = (
    objects.contract_kept,
    objects.spec_round_trip,
    objects.frozen,
    objects.picklable,
)
"""Those of what may hold tables, which have no hash."""
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


SOLVERS: tuple[Check, ...] = (
    solvers.solver_answers,
    solvers.solve_is_pure,
    solvers.solver_knows_no_units,
    solvers.infeasible_is_a_result,
    solvers.only_solved_counts,
    solvers.traded_once,
    solvers.linear_over_arrays,
    *VALUES,
)
POLICIES: tuple[Check, ...] = (
    policies.fraction_between_0_and_1,
    policies.one_formula,
    policies.no_memory,
    policies.policy_knows_no_units,
    policies.band_is_the_fraction,
    policies.width_knows_no_clock,
    policies.prices_stay,
    *VALUES,
)
COSTS: tuple[Check, ...] = (
    costs.cost_nonnegative,
    costs.no_trade_is_free,
    costs.even_in_sign,
    costs.rate_is_of_small_trades,
    costs.orders_are_alone,
    costs.cost_knows_no_contract_size,
    costs.unknown_is_refused,
    *VALUES,
)
READERS: tuple[Check, ...] = (
    readers.rows_build,
    readers.reading_is_plain,
    readers.missing_is_an_error,
    readers.no_secret_is_shown,
    readers.reads_the_same_twice,
    readers.amounts_are_those_of_an_exit,
    *OBJECTS,
)
VENUES: tuple[Check, ...] = (
    venues.unreadable_is_an_error,
    venues.account_explained,
    venues.events_told_again_are_the_same,
    venues.foreign_trades_are_seen,
    venues.prices_and_terms_hold,
    venues.calls_within_budget,
    venues.no_key_is_shown,
    venues.closing_is_harmless,
    venue_orders.ambiguous_is_not_rejected,
    venue_orders.absent_is_proven,
    venue_orders.placed_twice_trades_once,
    venue_orders.prepared_is_not_sent,
    venue_orders.sent_as_asked,
    venue_orders.no_lot_no_order,
    venue_orders.limit_honoured,
    venue_orders.reduce_only_honoured,
    venue_orders.expiry_honoured,
    venue_orders.fills_are_the_accounts,
    *VALUES,
)
LAWS: Mapping[type, tuple[Check, ...]] = {
    PoolModel: POOLS,
    AbstractHedgeSolver: SOLVERS,
    AbstractPolicy: POLICIES,
    AbstractCost: COSTS,
    AbstractReader: READERS,
    AbstractPriceModel: VALUES,
    AbstractIncome: VALUES,
    AbstractVenue: VENUES,
}
"""Base class → the laws of its kinds; what has no base of ours is an instrument."""


def pool_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of pool models; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import pool_checks
        >>> "euler" in {check.__name__ for check in pool_checks()}
        True

    """
    return _with_installed(POOLS, installed=installed)


def instrument_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of instruments; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import instrument_checks
        >>> "entering_keeps_risk" in {check.__name__ for check in instrument_checks()}
        True

    """
    return _with_installed(INSTRUMENTS, installed=installed)


def solver_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of hedge solvers; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import solver_checks
        >>> "solve_is_pure" in {check.__name__ for check in solver_checks()}
        True

    """
    return _with_installed(SOLVERS, installed=installed)


def policy_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of policies; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import policy_checks
        >>> "no_memory" in {check.__name__ for check in policy_checks()}
        True

    """
    return _with_installed(POLICIES, installed=installed)


def cost_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of costs; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import cost_checks
        >>> "no_trade_is_free" in {check.__name__ for check in cost_checks()}
        True

    """
    return _with_installed(COSTS, installed=installed)


def reader_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of readers; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import reader_checks
        >>> "rows_build" in {check.__name__ for check in reader_checks()}
        True

    """
    return _with_installed(READERS, installed=installed)


def venue_checks(*, installed: bool = False) -> tuple[Check, ...]:
    """Laws of venues; with those of installed kinds too.

    Example:
        >>> from hedgecore.testing import venue_checks
        >>> "placed_twice_trades_once" in {check.__name__ for check in venue_checks()}
        True

    """
    return _with_installed(VENUES, installed=installed)


def _with_installed(checks: tuple[Check, ...], *, installed: bool) -> tuple[Check, ...]:
    return (*checks, *INSTALLED) if installed else checks


def checks_of(model: Any) -> tuple[Check, ...]:
    """Laws that apply to a model, by the base of its class: an instrument has none.

    Example:
        >>> from hedgecore.testing import checks_of
        >>> len(checks_of(hc.LeastSquares())) > 5
        True

    """
    laws = next((each for base, each in LAWS.items() if isinstance(model, base)), INSTRUMENTS)
    return _with_installed(laws, installed=objects.is_installed(type(model)))
