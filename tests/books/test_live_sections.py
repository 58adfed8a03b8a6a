"""A typo in `[live]` or `[venues.NAME]` is met by every command that reads the book."""

import attrs
import pytest

pytest.importorskip("hedgecore_derivatives")

import hedgecore as hc
from hedgecore.books.live_sections import CAPS, LIVE, ON_PAPER
from hedgecore.live.paper import Paper
from hedgecore.live.settings import ALERTS, PLAIN, READ, Caps, LiveSettings
from hedgecore.readers.venue_tables import venue_of

LIMITS = {"max_order_notional": 5e4, "max_hourly_turnover": 2e5, "max_daily_turnover": 5e5}
TABLES = {
    "numeraire": "USD", "prices": {"WETH": 3000.0},
    "instrument": [{"name": "P", "kind": "perp", "underlying": "WETH", "fee": 0.0}],
    "live": {"caps": LIMITS, "max_age": 30.0, "alerts": {"webhook": "URL"}},
    "venues": {"desk": {"kind": "paper", "maintenance": 0.01}},
}  # fmt: skip


def test_the_names_are_those_that_the_loop_reads():
    assert (*READ, *PLAIN, ALERTS) == LIVE
    assert tuple(each.name for each in attrs.fields(Caps)) == CAPS
    assert tuple(hc.schema(Paper)) == ON_PAPER


TYPOS = {
    "live": {"max_agee": 1.0},
    "caps": {"max_slipage": 0.1},
    "alerts": {"webhok": "URL"},
    "a contract": {"max_position": {"Q": 2.0}},
}


def with_typo(where):
    live = TABLES["live"]
    if where == "live":
        return {**TABLES, "live": {**live, **TYPOS["live"]}}
    part = "alerts" if where == "alerts" else "caps"
    return {**TABLES, "live": {**live, part: {**live[part], **TYPOS[where]}}}


@pytest.mark.parametrize("where", TYPOS)
def test_a_book_with_a_typo_in_live_is_refused_by_name(where):
    name = next(iter(TYPOS[where]))
    name = "Q" if name == "max_position" else name
    with pytest.raises(hc.SpecError, match=f"^live.*{name}: there is no such") as caught:
        hc.Book.from_tables(with_typo(where))
    assert caught.value.field == name


def test_a_cap_on_a_contract_of_a_book_without_any_says_that_there_are_none():
    tables = {**with_typo("a contract"), "instrument": []}
    with pytest.raises(hc.SpecError, match=r"Q: there is no such field \(there are none\)"):
        hc.Book.from_tables(tables)


@pytest.mark.parametrize("where", ["live", "caps", "a contract"])
def test_the_message_is_that_of_the_loop(where):
    book = hc.Book.from_tables(TABLES)
    typo = with_typo(where)
    with pytest.raises(hc.SpecError) as loop:
        LiveSettings.from_book(attrs.evolve(book, live=typo["live"]))
    with pytest.raises(hc.SpecError) as read:
        hc.Book.from_tables(typo)
    assert str(read.value) == str(loop.value)


@pytest.mark.parametrize("kind", ["paper", "hyperliquid"])
def test_a_field_that_a_venue_has_not_is_refused_as_the_loop_does(kind):
    if kind not in hc.default_registry():
        pytest.skip(f"{kind} is not installed")
    table = {"kind": kind, "maintenence": 0.01}
    with pytest.raises(hc.SpecError) as loop:
        venue_of("desk", table)
    with pytest.raises(hc.SpecError) as read:
        hc.Book.from_tables({**TABLES, "venues": {"desk": table}})
    assert str(read.value) == str(loop.value)


def test_a_venue_that_is_not_installed_here_hinders_no_hedge():
    book = hc.Book.from_tables({**TABLES, "venues": {"desk": {"kind": "elsewhere", "key": "K"}}})
    assert book.venues["desk"]["key"] == "K"
