"""What is believed: 11 of what moment, 13 on what terms, 17 at what prices, 18 on what margin."""

from decimal import Decimal

import pytest
from attrs import evolve

from hedgecore.errors import ReaderError
from hedgecore.interfaces.account import AccountMargin, ContractPosition
from hedgecore.live.cycle import Status, status
from hedgecore.live.plan import Mode
from live_world import Altered, World, altered, raising, tables, waits

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


def test_11_nothing_is_ordered_on_a_chain_that_was_reorganised_or_is_behind():
    chain = iter([10, 11, 9, 9, 9])
    world = Altered(
        ways={"ReadChain": lambda b: evolve(b, stamp={"block": next(chain)}, time=1.8e9)}
    )
    world.mode = Mode.WATCH
    world.cycle()
    world.cycle()
    assert status(world.state) is Status.WATCHING
    for _ in range(2):
        world.cycle()
        assert "the chain is behind" in world.state.reasons[0]
    assert waits(altered(ReadChain=lambda b: evolve(b, reorganised=True)), "reorganised")
    assert waits(altered(ConfirmChain=raising(ReaderError("block 7 is gone"))), "block 7 is gone")


@pytest.mark.parametrize("old", [31.0, 3600.0, -3600.0])
def test_11_nothing_is_ordered_on_a_reading_that_is_old_or_of_the_future(old):
    assert waits(altered(ReadAccount=lambda a: evolve(a, time=a.time - old)), "account")
    assert waits(altered(ReadTop=lambda t: evolve(t, time=t.time - old)), "book of ETH")


def test_11_a_snapshot_that_has_aged_while_it_was_decided_on_is_not_traded():
    world = altered()
    world.ways = {"ReadIdentity": lambda found: world.passing(40.0) or found}
    assert waits(world, "this snapshot is 40.0 s old")


@pytest.mark.parametrize(
    ("field", "number"),
    [("lot", "0.1"), ("contract_size", "10"), ("min_order", "1"), ("settlement", "ETH"),
     ("inverse", True)],
)  # fmt: skip
def test_13_nothing_is_ordered_on_terms_that_are_not_the_book_s(field, number):
    given = number if field in ("settlement", "inverse") else Decimal(number)
    changed = {"ReadTerms": lambda t: {"ETH": evolve(t["ETH"], **{field: given})}}
    assert waits(altered(**changed), "in the book, and")


@pytest.mark.parametrize("part", ["1.006", "0.994"])
def test_17_two_prices_that_are_apart_are_waited_for(part):
    far = Decimal(part)
    assert waits(altered(ReadTop=lambda t: evolve(t, mark=t.mark * far)), "the mark is")
    apart = {"source": "chain"}
    world = altered(
        ReadChain=lambda b: evolve(b, stamp={"block": 1, **apart}, time=1.8e9),
        ReadTop=lambda t: evolve(t, index=t.index * far, mark=t.mark * far),
    )
    assert waits(world, "the index is")


@pytest.mark.parametrize(("mark", "trades"), [("1.0253", True), ("1.0", False), ("1.035", False)])
def test_17_the_mark_of_a_future_is_looked_for_at_its_forward(mark, trades):
    """Half a year of 5 %: at the price of the coin itself is where it may not be."""
    pytest.importorskip("hedgecore_derivatives", reason="a future is its kind")
    book = tables()
    book["instrument"][0] |= {"kind": "future", "expiry_years": 0.5, "basis": 0.05}
    far = Decimal(mark)
    own = {name: (lambda t, name=name: getattr(t, name) * far) for name in ("mark", "bid", "ask")}
    moved = {"ReadTop": lambda t: evolve(t, **{name: at(t) for name, at in own.items()})}
    world = Altered(book=book, ways=moved)
    if not trades:
        assert waits(world, "the mark is")
        return
    world.cycle()
    assert len(world.placed) == 1


def test_an_option_of_a_venue_s_is_named_and_no_loop_trades_it():
    told = {"ReadTerms": lambda t: {"ETH": evolve(t["ETH"], strike=Decimal(3000))}}
    assert waits(altered(**told), "is an option, which no loop trades: write it by hedge --orders")


def test_a_venue_that_keeps_long_and_short_apart_is_waited_for():
    assert waits(altered(ReadIdentity=lambda i: evolve(i, hedge_mode=True)), "one way")


@pytest.mark.parametrize("more", [{"account": "0x2"}, {"network": "other"}])
def test_another_account_than_before_halts_until_a_person_takes_it(more):
    world = altered()
    world.cycle()
    world.ways = {"ReadIdentity": lambda i: evolve(i, **more)}
    world.passing(12.0)
    world.cycle()
    assert status(world.state) is Status.HALTED
    assert "the account at sim is" in world.disk.halt
    assert len(world.placed) == 1
    world.disk.halt, world.adopt, world.state = None, True, None
    world.passing(12.0)
    world.cycle()
    assert status(world.state) is Status.WATCHING
    world.passing(12.0)
    world.cycle()
    assert status(world.state) is Status.WATCHING


def test_what_is_held_and_the_book_does_not_name_or_price_is_waited_for():
    other = {"DOGE-PERP": ContractPosition(contracts=Decimal(3))}
    held = altered(ReadAccount=lambda a: evolve(a, positions={**a.positions, **other}))
    assert waits(held, "3 DOGE-PERP are held at sim")
    coins = {"DOGE": Decimal(7)}
    more = {"ReadAccount": lambda a: evolve(a, balances={**a.balances, **coins})}
    assert waits(altered(**more), "DOGE is held at sim, and the book has no price for it")
    ignoring = Altered(book=tables(ignored_assets=["DOGE"]), ways=more)
    ignoring.cycle()
    assert len(ignoring.placed) == 1


def test_17_a_settlement_coin_off_its_peg_is_waited_for():
    book = tables()
    book["prices"]["USDC"] = 0.97
    assert waits(World(book=book), "USDC is off its peg")


def test_18_below_the_margin_that_is_kept_only_reductions_are_ordered():
    thin = AccountMargin(asset="USDC", equity=Decimal(600), maintenance=Decimal(0))
    world = altered(ReadAccount=lambda a: evolve(a, margin=thin))
    world.cycle()
    assert world.placed == []
    assert any("margin would be" in text for _, text in world.alerts)
    world = World()
    world.venue.held, world.venue.entry = Decimal(-30), Decimal(3000)
    short = evolve(thin, equity=Decimal(1125), maintenance=Decimal(900))
    world = Altered(venue=world.venue, ways={"ReadAccount": lambda a: evolve(a, margin=short)})
    world.cycle()
    assert [(each.contracts, each.reduce_only) for each in world.placed] == [
        (Decimal("11.25"), True)
    ]
    assert any(level == "critical" and "maintenance margin" in text for level, text in world.alerts)


def test_19_funding_above_its_cap_is_told_and_no_reason_to_wait():
    world = altered(ReadTop=lambda t: evolve(t, funding_rate=Decimal("-0.002")))
    world.cycle()
    assert len(world.placed) == 1
    assert any("funding rate is -0.002" in text for _, text in world.alerts)
