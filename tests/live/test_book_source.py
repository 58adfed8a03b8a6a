"""Reading a live book again: sizes of positions, and those that the book does not have."""

from contextlib import closing

import pytest
from attrs import frozen

import hedgecore as hc
import venues
from hedgecore import fields
from hedgecore.live.book_source import RETRY, SEEK, BookSource
from hedgecore.readers import request
from venues import OWNER, PAIR, STATE, TOKENS, USDC, WETH, Ledger, secret

pytest.importorskip("hedgecore_uniswap_v2", reason="the positions are of its pools")

DEEDS, BONDS = ("deeds", OWNER), ("bonds", OWNER)


@frozen(kw_only=True)
class Deed(hc.AbstractReader):
    """A position by its number, as an NFT is."""

    kind = "ledger-deed"
    source = Ledger
    number: int = fields.integer("of it", "1", 0, 9)

    @classmethod
    def find(cls, source, wanted):  # noqa: ARG003
        [numbers] = yield [("deeds", wanted.owner)]
        return [cls(number=each) for each in numbers]

    def read(self, source):  # noqa: ARG002
        [size] = yield [("deed", self.number)]
        position = {"kind": "uniswap-v2", "assets": [WETH, USDC], "reserves": [1.0, 2000.0]}
        tokens = {its: TOKENS[its] for its in (WETH, USDC)}
        return hc.Reading(
            name=f"deed {self.number}", position={**position, "share": 1.0, "fee": None},
            size=size, tokens=tokens, depth={WETH: 1.0, USDC: 2000.0},
        )  # fmt: skip


@frozen(kw_only=True)
class Bond(Deed):
    """Another kind of positions by their numbers."""

    kind = "ledger-bond"

    @classmethod
    def find(cls, source, wanted):  # noqa: ARG003
        [numbers] = yield [BONDS]
        return [cls(number=each) for each in numbers]


TABLES = {
    "numeraire": "USDC",
    "prices": {"WETH": 2000.0},
    "source": {
        "chain": 1, "block": 7, "assets": {"WETH": WETH, "USDC": USDC},
        "prices": {"WETH": {"read": "pair", "in": "USDC"}},
        "read": {
            "pair": {"kind": "ledger-pair", "pool": PAIR, "owner": OWNER},
            "deed": {"kind": "ledger-deed", "number": 1},
        },
    },
}  # fmt: skip
NOW = {**STATE, "time": 1.8e9, DEEDS: (1,), BONDS: (), ("deed", 1): 500}


@pytest.fixture
def source(monkeypatch):
    """The book's source, which finds the readers of these tests."""
    known = venues.registry().plus(readers=[Deed, Bond])
    monkeypatch.setattr(request, "default_registry", lambda: known)
    with closing(BookSource(tables=TABLES, rpc=secret(NOW))) as made:
        yield made


@pytest.fixture
def read(source):
    """Reading of the book at a state; the source is the same throughout."""

    def reading(**state):
        secret({**NOW, **{k: each for k, each in state.items() if k == "time"}, **state["of"]})
        return source.read({})

    return reading


def test_a_reading_says_how_large_each_position_is_as_its_owner_left_it(read):
    assert read(of={}).sizes == {"pair": 1, "deed": 500}
    assert read(of={("deed", 1): 0, ("share", PAIR, OWNER): 0.0}).sizes == {"pair": 0, "deed": 0}


def test_a_position_of_an_owner_that_the_book_does_not_have_is_found_now_and_then(read):
    assert None not in read(of={}).sizes.values()
    more = {DEEDS: (1, 8)}
    assert None not in read(of=more, time=1.8e9 + SEEK - 1.0).sizes.values()
    assert read(of=more, time=1.8e9 + SEEK).sizes["ledger-deed 8"] is None
    assert read(of=more, time=1.8e9 + SEEK + 12.0).sizes["ledger-deed 8"] is None


def test_a_search_that_fails_is_told_and_tried_again_and_the_book_is_read_all_the_same(read):
    lost = read(of={DEEDS: hc.ReaderError("the node limits its logs")})
    assert lost.sizes["deed"] == 500
    assert "could not be looked for: " in lost.notes[-1]
    assert "ledger-deed 8" not in read(of={DEEDS: (8,)}, time=1.8e9 + 12.0).sizes
    assert read(of={DEEDS: (8,)}, time=1.8e9 + RETRY).sizes["ledger-deed 8"] is None


def test_a_search_that_fails_does_not_keep_another_kinds_positions_from_being_told(read):
    state = {DEEDS: hc.ReaderError("the node limits its logs"), BONDS: (3,)}
    found = read(of=state)
    assert found.sizes["ledger-bond 3"] is None
    [note] = [each for each in found.notes if "could not be looked for" in each]
    assert "ledger-deed" in note
    assert "the node limits its logs" in note


def test_what_is_not_looked_for_is_said_with_every_reading_and_so_is_news_once(read):
    """It keeps no other kind's positions from being told, and is not asked again the sooner."""
    state = {DEEDS: hc.SearchError("the node tells no events"), BONDS: (3,)}
    first = read(of=state)
    assert first.sizes["ledger-bond 3"] is None
    [note] = [each for each in first.notes if "the node tells no events" in each]
    for later in (12.0, RETRY, SEEK):
        again = read(of=state, time=1.8e9 + later).notes
        assert [each for each in again if "looked" in each or "looking" in each] == [note]
    state = {DEEDS: (1, 8)}
    assert "ledger-deed 8" not in read(of=state, time=1.8e9 + SEEK + RETRY).sizes
    found = read(of=state, time=1.8e9 + 2 * SEEK)
    assert found.sizes["ledger-deed 8"] is None
    assert note not in found.notes


def test_a_source_says_whether_it_has_moved_on_since_it_was_read(source):
    source.read({})
    assert not source.has_new_block()
    secret({**NOW, "block": 8})
    assert source.has_new_block()
    source.read({})
    assert not source.has_new_block()
    secret({**NOW, "block": 9, "reorganised": True})
    assert source.has_new_block()
