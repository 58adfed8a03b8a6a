"""The laws of readers hold for readers of a table, and catch their mutants."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve, frozen

import hedgecore as hc
from hedgecore.testing import CannotBeTold, LawBroken, SourceCase, readers, verdicts
from hedgecore.testing.laws import OBJECTS, READERS
from mutants import mutant_into
from venues import OWNER, PAIR, USDC, WETH, Feed, Pair, Purse, secret

URL = "ledger:https://rpc.example/a-canary-key"
MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


EXIT = {WETH: 250.0, USDC: 500_003.0}
"""A quarter of 1000 WETH and 2 000 000 USDC, and fees of 3 USDC: what the ledger has the owner."""


def case(amounts=EXIT):
    rpc = secret(name=URL)
    return SourceCase(opened=lambda: Pair.source.open(rpc), secret=rpc, amounts=amounts)


RIGHT = {
    Pair(pool=PAIR, owner=OWNER): EXIT,
    Pair(pool=PAIR): {},
    Purse(owner=OWNER, tokens=(WETH,)): {WETH: 2.0},
    Feed(feed="0xfeed", asset="WETH"): {},
}


@pytest.mark.parametrize("reader", RIGHT, ids=str)
def test_right_readers_break_no_law(reader):
    found = {law: error for law, error in verdicts(reader, case(RIGHT[reader])).items() if error}
    assert found == {}


def test_where_nobody_says_what_an_exit_pays_that_law_alone_cannot_be_told():
    found = verdicts(Pair(pool=PAIR, owner=OWNER), case(None))
    unknown = {law for law, error in found.items() if error}
    assert unknown == {"amounts_are_those_of_an_exit"}
    assert isinstance(found["amounts_are_those_of_an_exit"], CannotBeTold)


def test_an_amount_that_was_copied_to_a_millionth_is_the_same():
    near = {WETH: 250.0001, USDC: 500_003.0}
    readers.amounts_are_those_of_an_exit(Pair(pool=PAIR, owner=OWNER), case(near))
    with pytest.raises(LawBroken, match="another amount of 0xweth"):
        readers.amounts_are_those_of_an_exit(
            Pair(pool=PAIR, owner=OWNER), case({**near, WETH: 250.001})
        )


def test_without_a_source_what_a_conversation_keeps_cannot_be_told():
    one = verdicts(Pair(pool=PAIR, owner=OWNER))
    found = {law for law, error in one.items() if isinstance(error, CannotBeTold)}
    assert found == {check.__name__ for check in READERS if check not in OBJECTS}


@frozen(kw_only=True)
class Wrong(Pair):
    """A pair, with one thing wrong."""

    example = {"pool": PAIR, "owner": OWNER}

    def read(self, source):
        reading = yield from super().read(source)
        return self.changed(reading)

    def changed(self, reading):
        return reading


@mutant("rows_build")
class OfNoKind(Wrong):
    def changed(self, reading):
        return evolve(reading, position={**reading.position, "kind": "none-such"})


@mutant("rows_build")
class FieldsOfAnother(Wrong):
    def changed(self, reading):
        return evolve(reading, position={**reading.position, "liquidity": 1.0})


@mutant("rows_build")
class HoldsWhatItDoesNotName(Wrong):
    def changed(self, reading):
        return evolve(reading, holdings={"0xother": 1.0})


@mutant("reading_is_plain")
class IsNoNumber(Wrong):
    def changed(self, reading):
        return evolve(reading, holdings={WETH: float("nan")})


@mutant("reading_is_plain")
class HoldsAnObject(Wrong):
    def changed(self, reading):
        return evolve(reading, position={**reading.position, "fee": object()})


@mutant("missing_is_an_error")
class TakesMissingForNothing(Wrong):
    def read(self, source):  # noqa: ARG002
        [(zero, one, *reserves)] = yield [("pair", self.pool)]
        try:
            [share] = yield [("share", self.pool, self.owner)]
        except hc.ReaderError:
            share = 0.0
        position = {"kind": "uniswap-v2", "assets": [zero, one], "reserves": reserves}
        tokens = {each: hc.Token(each, each, 18) for each in (zero, one)}
        held = {zero: share * reserves[0]}
        return hc.Reading(name="x", position=position, holdings=held, tokens=tokens)


@mutant("amounts_are_those_of_an_exit")
class HalvesTheShare(Wrong):
    def changed(self, reading):
        position = {**reading.position, "share": reading.position["share"] / 2}
        return evolve(reading, position=position)


@mutant("amounts_are_those_of_an_exit")
class ForgetsFees(Wrong):
    def changed(self, reading):
        return evolve(reading, holdings={})


@mutant("amounts_are_those_of_an_exit")
class LeavesItOutOfTheBook(Wrong):
    def changed(self, reading):
        return evolve(reading, held=False)


@mutant("no_secret_is_shown")
class ShowsItsUrl(Wrong):
    def changed(self, reading):
        return evolve(reading, notes=(f"read from {URL}",))


@mutant("no_secret_is_shown")
class FailsWithItsUrl(Wrong):
    def read(self, source):
        try:
            return (yield from super().read(source))
        except hc.ReaderError as error:
            raise hc.ReaderError(f"{URL} gave no answer") from error


CALLS: list[int] = []


@mutant("reads_the_same_twice")
class Counts(Wrong):
    def changed(self, reading):
        CALLS.append(1)
        return evolve(reading, name=f"{reading.name} {len(CALLS)}")


LAWS = {check.__name__: check for check in READERS}


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    with pytest.raises(LawBroken) as caught:
        LAWS[law](cls(**cls.example), case())
    assert caught.value.law == law
    assert not isinstance(caught.value, CannotBeTold)


def test_each_law_of_readers_has_a_mutant():
    own = {check.__name__ for check in READERS if check not in OBJECTS}
    assert {each.values[1] for each in MUTANTS} == own
