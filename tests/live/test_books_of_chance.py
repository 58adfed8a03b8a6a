"""Books of chance: 14 a still market, 15 the caps, 26 doubtful answers, 27 coins as collateral."""

from decimal import Decimal

import numpy as np
import pytest
from attrs import evolve

from hedgecore.hedging.certificate import Certificate
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.live.answer import answer, memory_at, row_norms
from hedgecore.live.caps import cap_orders
from hedgecore.live.legs import legs, trade_of
from hedgecore.live.question import book_of, problem_of
from hedgecore.live.settings import LiveSettings
from hedgecore.live.snapshot import BookReading, Snapshot, VenueReading
from hedgecore.live.state import LoopState
from live_venue import START, SimVenue
from live_world import World, night, tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

POLICIES = (
    {"kind": "band", "half_width": 0.2},
    {"kind": "band", "half_width": 0.01, "of": "worth", "to": "centre"},
    {"kind": "every", "steps": 1},
    {"kind": "interval", "hours": 0.001},
    {"kind": "price-move", "move": 0.01},
)
STATE = LoopState(tag="0" * 16, tags=frozenset(), last=START)


def book_tables(rng, **caps):
    """Tables of a pool about a price of chance, its policy, and the lot of its hedge."""
    price = float(np.exp(rng.uniform(5.0, 9.0)))
    width = rng.uniform(0.05, 0.6)
    found = tables(price, policy=POLICIES[rng.integers(len(POLICIES))], caps=caps)
    found["position"][0] |= {
        "liquidity": float(np.exp(rng.uniform(4.0, 11.0))),
        "lower": price * (1.0 - width), "upper": price * (1.0 + width * rng.uniform(0.2, 2.0)),
    }  # fmt: skip
    found["instrument"][0]["lot"] = float(rng.choice([0.001, 0.01, 0.3, 1.0]))
    return found, price


def snapshot_of(given, venue, **terms):
    lot = Decimal(repr(given["instrument"][0]["lot"]))
    reading = VenueReading(
        identity=World().ReadIdentity(None), account=venue.account(None),
        terms={"ETH": evolve(venue.terms()["ETH"], lot=lot, **terms)},
        tops={"ETH": venue.top()},
    )  # fmt: skip
    return Snapshot(
        began=venue.time, time=venue.time, book=BookReading(tables=given), venues={"sim": reading}
    )


def decided(given, venue, memory=None, step=0, book=None):
    """A decision, and what it is of; the book is the one of a look before where nothing moves."""
    snapshot = snapshot_of(given, venue)
    book = book or book_of(snapshot)
    settings = LiveSettings.from_book(book)
    memory = memory or memory_at(book, START)
    made = answer(book, snapshot, settings, memory, step=step, last=venue.time - 12.0)
    return made, legs(made.decision.trade, book, snapshot), book, snapshot, settings


STILL = [(block, 50, 2) for block in range(4)]
STILL += [pytest.param(b, 100, 50, marks=pytest.mark.campaign) for b in range(100, 110)]
"""Blocks of books, the books of each, and the cycles of a book: 1 000 × 50 in the campaign."""


@pytest.mark.parametrize(("block", "books", "cycles"), STILL)
def test_14_in_a_still_market_there_is_no_second_trade(block, books, cycles):
    rng, traded = np.random.default_rng(block), 0
    for _ in range(books):
        given, price = book_tables(rng)
        venue = SimVenue(price=price)
        made, found, book, *_ = decided(given, venue)
        for leg in found:
            traded += 1
            venue.held += leg.contracts
            venue.entry = Decimal(repr(price))
        memory = made.decision.memory
        for step in range(1, cycles):
            venue.time += 12.0
            again, more, *_ = decided(given, venue, memory, step, book)
            memory = again.decision.memory
            assert not more
    assert traded > books / 2


@pytest.mark.campaign
def test_14_a_still_market_through_whole_cycles():
    for seed in range(night(3, 40)):
        given, price = book_tables(np.random.default_rng(1000 + seed))
        given["instrument"][0]["lot"] = 0.01
        world = World(book=given, venue=SimVenue(price=price))
        for _ in range(50):
            world.passing(12.0)
            world.cycle()
        assert len(world.placed) <= 1


def test_15_orders_lower_what_is_open_and_no_cap_is_exceeded():
    rng, traded = np.random.default_rng(15), 0
    for _ in range(200):
        most, hour = np.exp(rng.uniform(5.0, 14.0, 2)).tolist()
        given, price = book_tables(rng, max_order_notional=most, max_hourly_turnover=hour)
        given["live"]["caps"]["max_position"] = {"ETH-PERP": float(np.exp(rng.uniform(0.0, 9.0)))}
        venue = SimVenue(price=price, held=Decimal(rng.integers(-50, 50).item()))
        venue.entry = Decimal(repr(price)) if venue.held else None
        made, found, book, snapshot, settings = decided(given, venue)
        spent = evolve(STATE, turnover=((START - 10.0, 0.3 * hour), (START - 4000.0, hour)))
        allowed = cap_orders(
            found, settings.caps, made=made, book=book, snapshot=snapshot, state=spent
        )
        for leg in allowed.legs:
            traded += 1
            assert leg.notional <= most * (1 + 1e-12)
            assert leg.notional <= 0.7 * hour * (1 + 1e-12)
            after = abs(leg.held + leg.contracts)
            assert leg.reduces or after <= Decimal(repr(settings.caps.max_position["ETH-PERP"]))
        problem = made.given.problem
        before, then = (row_norms(problem, trade_of(x, problem))[0] for x in ((), allowed.legs))
        assert then < before if allowed.legs else then == before
    assert traded > 50


@pytest.mark.parametrize(("excess", "count"), [(1e6, 2), (1000.0, 0)])
def test_15_a_first_order_that_would_leave_more_open_than_may_be_is_not_sent(excess, count):
    given = tables(caps={"max_excess": excess})
    given["instrument"].append({**given["instrument"][0], "name": "B", "symbol": "ETH-B"})
    venue = SimVenue(held=Decimal(-12), entry=Decimal(3000))
    snapshot = snapshot_of(given, venue)
    own = snapshot.venues["sim"]
    both = {
        "terms": {**own.terms, "ETH-B": own.terms["ETH"]},
        "tops": {**own.tops, "ETH-B": own.tops["ETH"]},
    }
    snapshot = evolve(snapshot, venues={"sim": evolve(own, **both)})
    book = book_of(snapshot)
    settings = LiveSettings.from_book(book)
    made = answer(book, snapshot, settings, memory_at(book, START), step=0, last=START)
    found = legs([12.0, -12.23], book, snapshot)
    assert [each.instrument for each in found] == ["ETH-PERP", "B"]
    allowed = cap_orders(found, settings.caps, made=made, book=book, snapshot=snapshot, state=STATE)
    assert len(allowed.legs) == count
    assert count or "after ETH-PERP alone" in allowed.reasons[0]


class Doubtful(AbstractHedgeSolver):
    """A solver that is right, and proves what it is told to."""

    kind = "doubtful"

    def __init__(self, certificate):
        self.certificate = certificate

    def solve(self, problem) -> Hedge:
        return evolve(LeastSquares().solve(problem), certificate=self.certificate)


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (None, "proves nothing"),
        (Certificate(status="best effort"), "best effort"),
        (Certificate(status="no trade"), "no trade"),
        (Certificate(status="exact"), None),
        (Certificate(status="optimal within the gap"), None),
    ],
)
def test_26_an_answer_without_a_certificate_is_doubted(proof, words):
    venue = SimVenue()
    snapshot = snapshot_of(tables(), venue)
    book = evolve(book_of(snapshot), solver=Doubtful(proof))
    settings = LiveSettings.from_book(book)
    made = answer(book, snapshot, settings, memory_at(book, START), step=0, last=START)
    assert made.decision.trade[0] < 0
    assert (made.doubt is None) if words is None else (words in made.doubt)


def test_26_what_is_infeasible_is_not_traded_and_told():
    pytest.importorskip("hedgecore_convex_solver", reason="the solver with limits")
    given = tables()
    given["hedge"] = {"solver": "convex", "hard": ["delta"], "position_limits": {"ETH-PERP": 1.0}}
    world = World(book=given)
    world.cycle()
    assert world.placed == []
    assert world.disk.of("decision")[0].doubt is not None
    assert any(level == "critical" for level, _ in world.alerts)


@pytest.mark.parametrize("read", [False, True], ids=["stated", "read from the account"])
@pytest.mark.parametrize("price", [1500.0, 3000.0, 6000.0])
def test_27_a_coin_margined_account_s_delta_is_that_of_its_worth_in_cash(price, read):
    """Collateral that a reading of the account has put into the book counts once."""
    given = tables(price)
    if read:
        given["holding"] = [{"name": "WETH at sim", "asset": "WETH", "amount": 7.0}]
        own = {"symbols": {}, "prices": [], "holdings": ["WETH at sim"]}
        given["source"] = {"accounts": {"sim": own}}
    given["position"], inverse = [], given["instrument"][0]
    del inverse["settlement"]
    inverse |= {"kind": "inverse-perp", "contract_size": 10.0, "lot": 1.0}
    coins, held, entry = Decimal("7.5"), Decimal(-1200), Decimal(2500)
    venue = SimVenue(price=price, held=held, entry=entry)
    snapshot = snapshot_of(given, venue, inverse=True, contract_size=Decimal(10), settlement="WETH")
    account = evolve(snapshot.venues["sim"].account, balances={"WETH": coins})
    reading = evolve(snapshot.venues["sim"], account=account)
    snapshot = evolve(snapshot, venues={"sim": reading})
    book = book_of(snapshot)
    exposure = problem_of(book, snapshot, LiveSettings.from_book(book)).open_exposure
    step = 0.01

    def worth(at):
        return at * (7.5 + -1200 * 10.0 * (1.0 / 2500.0 - 1.0 / at))

    slope = (worth(price + step) - worth(price - step)) / (2.0 * step)
    assert exposure.delta[exposure.assets.index("WETH")] == pytest.approx(slope, rel=1e-6)
