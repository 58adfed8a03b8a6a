"""The laws of models as objects catch their mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import define, field, frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.testing import LawBroken
from hedgecore.testing.kit import INSTALLED, OBJECTS


@frozen(kw_only=True)
class V2(hc.PairPool):
    """x·y = L²."""

    kind = "mutant-v2"
    example = {"assets": ["WETH", "USDC"], "reserves": [5.0, 15_000.0]}

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    reserves: tuple[float, float] = fields.numbers("of the pool", "whole units")

    @property
    def depth(self):
        return np.sqrt(self.reserves[0] * self.reserves[1])

    def _holdings(self, price):
        root = np.sqrt(price)
        return self.depth / root, self.depth * root

    def _gamma(self, price, holdings):
        return -holdings[0] / (2 * price)

    def _spot(self):
        return self.reserves[1] / self.reserves[0]


MUTANTS: list[Any] = []


def mutant(law):
    """Put a class into the table, with the law that has to catch it."""

    def into(cls):
        if "__attrs_attrs__" not in vars(cls):
            cls = frozen(kw_only=True)(cls)
        MUTANTS.append(pytest.param(cls, law, id=f"{cls.__name__}-{law}"))
        return cls

    return into


def made(cls):
    return cls(**cls.example)


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
