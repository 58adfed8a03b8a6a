"""The conformance kit: what every pool model and every instrument must obey, for your tests.

    from hedgecore.testing import parametrize_with_checks

    @parametrize_with_checks([MyPool(...), MyPool(...)])
    def test_contract(model, check):
        check(model)

Or, without pytest, ``check_pool_model(model)``. A law that is broken says at which price, what it
got and what it expected. Checks that do not apply to a model (a spot that it does not know) hold.
"""

from hedgecore.testing.kit import (
    check_instrument,
    check_pool_model,
    checks_of,
    instrument_checks,
    parametrize_with_checks,
    pool_checks,
    verdicts,
)
from hedgecore.testing.law import Check, LawBroken
from hedgecore.testing.recorded import parametrize_with_recorded, recorded
from hedgecore.testing.tables import table_checks

__all__ = [
    "Check",
    "LawBroken",
    "check_instrument",
    "check_pool_model",
    "checks_of",
    "instrument_checks",
    "parametrize_with_checks",
    "parametrize_with_recorded",
    "pool_checks",
    "recorded",
    "table_checks",
    "verdicts",
]
