"""The laws of models as objects catch their mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import define, field, frozen

import hedgecore as hc
from curves import V2
from hedgecore.testing import LawBroken
from hedgecore.testing.laws import INSTALLED, OBJECTS
from mutants import made, mutant_into

MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


@mutant("contract_kept")
class OverridesThePublicMethod(V2):
    def value(self, price):
        return 2 * self.depth * np.sqrt(price)


@mutant("frozen")
@define(kw_only=True, unsafe_hash=True)
class Unfrozen(hc.PairPool):
    kind = "mutant-unfrozen"
    example = V2.example
    assets: tuple[str, str] = field(converter=tuple)
    reserves: tuple[float, float] = field(converter=tuple)
    depth, _holdings, _spot = V2.depth, V2._holdings, V2._spot


@mutant("hashable")
@frozen(kw_only=True)
class Unhashable(V2):
    reserves: list[float] = field(converter=list)


@mutant("hashable")
class ItsTwinIsAnother(V2):
    def __eq__(self, other):
        return self is other

    __hash__ = object.__hash__


@mutant("picklable")
@frozen(kw_only=True)
class NotToBePickled(V2):
    def __reduce__(self):
        raise TypeError("no")


@mutant("spec_round_trip")
@frozen(kw_only=True)
class LosesInItsTable(V2):
    seen: list[int] = field(factory=list, init=False, eq=True, hash=False)

    def __attrs_post_init__(self):
        self.seen.append(len(COUNTER))
        COUNTER.append(1)


COUNTER: list[int] = []


@mutant("spec_round_trip")
@frozen(kw_only=True)
class DoublesInItsTable(V2):
    reserves: tuple[float, float] = field(converter=lambda given: tuple(2 * x for x in given))


@mutant("registered")
class Unregistered(V2):
    pass


@mutant("documented")
class Undocumented(V2):
    __doc__ = ""


@mutant("documented")
@frozen(kw_only=True)
class FieldsWithoutUnits(V2):
    """Its depth says nothing."""

    extra: float = field(default=1.0)


LAWS = {check.__name__: check for check in (*OBJECTS, *INSTALLED)}


def test_the_right_class_breaks_no_law():
    for check in OBJECTS:
        check(made(V2))
    LAWS["documented"](made(V2))


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    with pytest.raises(LawBroken) as caught:
        LAWS[law](made(cls))
    assert caught.value.law == law


def test_each_law_of_objects_has_a_mutant():
    assert {each.values[1] for each in MUTANTS} == LAWS.keys()
