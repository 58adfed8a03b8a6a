"""The conformance kit: what every pool model and every instrument must obey, for your tests.

    from hedgecore.testing import parametrize_with_checks

    @parametrize_with_checks([MyPool(...), MyPool(...)])
    def test_contract(model, check):
        check(model)

Or, without pytest, ``check_pool_model(model)``. A law that is broken says at which price, what it
got and what it expected. Checks that do not apply to a model (a spot that it does not know) hold.
"""

from hedgecore.testing.fake_exchange import FakeExchange, seeded_faults
from hedgecore.testing.fake_venue import FakeSession, FakeVenue
from hedgecore.testing.faulted_submits import faulted_submits
from hedgecore.testing.kit import (
    check_instrument,
    check_pool_model,
    check_venue,
    parametrize_with_checks,
    verdicts,
)
from hedgecore.testing.law import CannotBeTold, Check, LawBroken
from hedgecore.testing.laws import (
    checks_of,
    cost_checks,
    instrument_checks,
    policy_checks,
    pool_checks,
    reader_checks,
    solver_checks,
    venue_checks,
)
from hedgecore.testing.loopback import HttpRequest, Loopback, LoopbackBench
from hedgecore.testing.readers import SourceCase
from hedgecore.testing.recorded import parametrize_with_recorded, recorded
from hedgecore.testing.tables import table_checks
from hedgecore.testing.venue_bench import FakeBench, VenueBench, VenueCase

__all__ = [
    "CannotBeTold",
    "Check",
    "FakeBench",
    "FakeExchange",
    "FakeSession",
    "FakeVenue",
    "HttpRequest",
    "LawBroken",
    "Loopback",
    "LoopbackBench",
    "SourceCase",
    "VenueBench",
    "VenueCase",
    "check_instrument",
    "check_pool_model",
    "check_venue",
    "checks_of",
    "cost_checks",
    "faulted_submits",
    "instrument_checks",
    "parametrize_with_checks",
    "parametrize_with_recorded",
    "policy_checks",
    "pool_checks",
    "reader_checks",
    "recorded",
    "seeded_faults",
    "solver_checks",
    "table_checks",
    "venue_checks",
    "verdicts",
]
