"""Mutations of a venue's answers (invariant 1): each is refused, or is read as what it was."""

import json
from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest
from attrs import evolve

from hedgecore.errors import VenueError
from hedgecore.interfaces.account import Account, ContractTerms, TopOfBook
from hedgecore.interfaces.orders import Absent, Filled, Intent, Receipt, Unknown
from hedgecore.live.gates import infinities
from hedgecore.live.reconcile import reconcile
from hedgecore.live.venues import AskedVenue
from hedgecore.testing import FakeBench, FakeVenue
from live_world import night

COUNTS = (2_000, pytest.param(night(10_000, 100_000), marks=pytest.mark.campaign))
NOTHING = (None, "", "nan", "NaN", "sNaN", "inf", "-Infinity", "<html>", [], {}, True, [1], "0x1")
NAMES = {"id", "client_id", "cursor"}
"""What may be any text: an event of another id counts once more, which does not add up."""
STATUS = (204, 301, 400, 401, 404, 418, 429, 500, 502, 503)
ORDER = Receipt(
    intent=Intent(
        client_id="a" * 32, symbol="ETH-PERP", contracts=Decimal("1.5"), limit_price=Decimal(2100),
        expires=1.8e9,
    )
)  # fmt: skip
ASKED = {
    "account": (lambda its: its.account("0"), Account),
    "book": (lambda its: its.book("ETH-PERP"), TopOfBook),
    "time": (lambda its: its.time(), float),
    "terms": (lambda its: its.terms(), Mapping[str, ContractTerms]),
    "resolve": (lambda its: its.resolve(ORDER), Filled | Absent | Unknown),
}
"""Name → question of a session, and the class of its answer."""


def spots(part):
    """Yield the places of an answer, at all depths: the container, and the key or index."""
    for at in list(part) if isinstance(part, dict) else range(len(part)):
        yield part, at
        if isinstance(part[at], dict | list):
            yield from spots(part[at])


def left_out(text, rng):
    answer = json.loads(text)
    part, at = rng.choice([*spots(answer)])
    del part[at]
    return 200, json.dumps(answer)


def put_in(text, rng):
    answer = json.loads(text)
    part, at = rng.choice([each for each in spots(answer) if each[1] not in NAMES])
    part[at] = rng.choice(NOTHING[at == "price" :])
    return 200, json.dumps(answer)


def torn(text, rng):
    return 200, text[: rng.randrange(len(text))]


def crossed_out(text, rng):
    at = rng.randrange(len(text))
    return 200, text[:at] + rng.choice("{}[],:\"'<\0") + text[at + 1 :]


def failed(text, rng):
    return rng.choice(STATUS), text


def padded(text, rng):
    return 200, json.dumps({f"new{rng.random()}": [], **json.loads(text)})


MUTATIONS = (left_out, put_in, torn, crossed_out, failed, padded)


@pytest.fixture
def bench():
    with FakeBench.opened("mutated") as found:
        exchange = found.exchange
        exchange.trade(Decimal(-3))
        exchange.accrue()
        FakeVenue(exchange="mutated").open().place(ORDER)
        exchange.transfer(Decimal(7))
        yield found


def is_explained(now, truth):
    """Whether an account adds up: from nothing, by its events, to what is there."""
    before = evolve(truth, balances={"USDC": Decimal(100_000)}, positions={}, events=())
    found = reconcile(
        before, now, seen=(), tags=frozenset(), orders={}, booked={},
        lots={"ETH-PERP": Decimal("0.001")},
    )  # fmt: skip
    ours = {each.client_id for each in truth.events}
    return not found.differences and {each.client_id for each in now.events} <= ours


def refusal_or_truth(venue, name, truth):
    """Whether an answer is refused, at the border or later, or is what it is in truth."""
    question, cls = ASKED[name]
    try:
        found = venue.ask(question, cls)
    except VenueError:
        return "refused"
    if found == truth:
        return "true"
    if any(infinities(found)) or (name == "account" and not is_explained(found, truth)):
        return "refused"
    if name == "account" and nameless(found) == nameless(truth):
        return "true"
    return repr(found)


def nameless(account):
    """An account whose events have no ids."""
    return evolve(account, events=tuple(evolve(each, id="") for each in account.events))


@pytest.mark.parametrize("count", COUNTS)
def test_1_whatever_becomes_of_an_answer_nothing_else_is_read_from_it(bench, count):
    venue = AskedVenue("sim", FakeVenue(exchange="mutated"), 10**9, lambda: 0.0, lambda _: None)
    truths = {name: venue.ask(*its) for name, its in ASKED.items()}
    rng, counts = Random(12), dict.fromkeys(("refused", "true"), 0)  # noqa: S311 - no secret
    plain = bench.exchange.exchange
    for _ in range(count):
        name, mutate = rng.choice([*ASKED]), rng.choice(MUTATIONS)
        said = []

        def spoilt(request, key, mutate=mutate, said=said):
            said[:] = mutate(plain(request, key)[1], rng)
            return tuple(said)

        bench.exchange.exchange = spoilt
        found = refusal_or_truth(venue, name, truths[name])
        assert found in counts, (name, mutate.__name__, said, found)
        counts[found] += 1
    assert counts["refused"] > count // 2
    assert counts["true"] > count // 10
