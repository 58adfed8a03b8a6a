"""Every fault on every family: an error that says so, a visible unknown, or no change; never less.

Answers are spoiled one by one in what was recorded of a contract, or all of them on their way from
a node; nothing runs here but the reader.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from functools import cache
from itertools import product

import pytest
from attrs import define
from chain import proxy, recorded
from chain.clock import Still
from chain.direct import opened
from chain.fake import FakeNode
from chain.proxy import SECRETS, Proxy
from chain.subjects import SUBJECTS
from eth_abi import decode, encode
from hedgecore_evm_readers import read
from hedgecore_evm_readers.clock import Clock

import hedgecore as hc
from hedgecore import ReaderError, Secret, SpecError
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
WORD = 32
OF_ANOTHER_SHAPE = {
    "nothing": lambda _: b"",
    "half": lambda raw: raw[: len(raw) // 2],
    "an odd byte more": lambda raw: raw + b"\1",
    "a word less": lambda raw: raw[:-WORD],
    "reverted": lambda _: None,
}
OF_OTHER_NUMBERS = {
    "zeros": lambda raw: bytes(len(raw)),
    "ones": lambda raw: b"\xff" * len(raw),
    "a last word of zero": lambda raw: raw[:-WORD] + bytes(WORD),
    "a first word of ones": lambda raw: b"\xff" * WORD + raw[WORD:],
    "the largest int256": lambda raw: raw[:-WORD] + b"\x7f" + b"\xff" * (WORD - 1),
    "one off": lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
}


def reading_of(its):
    with opened(FakeNode(its.contracts), **its.told) as chain:
        (found,) = chain.read([its.reader])
    return found


def questions(its):
    """Every answer that a reading is made of: whose, and to which call."""
    node = FakeNode(its.contracts, multicall=False)
    with opened(node, **its.told) as chain:
        chain.read([its.reader])
    asked = [params[0] for method, params in node.asked if method == "eth_call"]
    calls = ((each["to"].lower(), bytes.fromhex(each["data"][2:])) for each in asked)
    return [(to, data) for to, data in dict.fromkeys(calls) if data in its.contracts.get(to, {})]


def spoiled(name, spoil):
    """Yield the reading, or its error, for each answer that is spoiled in turn."""
    its = SUBJECTS[name]()
    for to, data in questions(its):
        right = its.contracts[to].pop(data)
        wrong = spoil(right)
        if wrong is not None:
            its.contracts[to][data] = wrong
        try:
            yield to, data, reading_of(its)
        except (ReaderError, SpecError) as error:
            assert "0x" in str(error) or isinstance(error, SpecError)  # noqa: PT017 - either
        its.contracts[to][data] = right


def numbers(reading):
    """What a hedge would be made of."""
    return reading.position, reading.size, {**reading.holdings}, reading.held


def words(reading):
    """What tells that something is not as it should be."""
    unknown = {name for name, value in (reading.position or {}).items() if value is None}
    return {reading.name, *reading.notes, *reading.unknown, *unknown}


@pytest.mark.parametrize("spoil", OF_ANOTHER_SHAPE)
@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.sample(2)
def test_an_answer_of_another_shape_is_an_error_or_is_seen(name, spoil):
    """Where it is no error, nothing changes, or there are words that were not there."""
    whole = reading_of(SUBJECTS[name]())
    for to, data, reading in spoiled(name, OF_ANOTHER_SHAPE[spoil]):
        same = numbers(reading) == numbers(whole) and words(reading) >= words(whole)
        assert same or words(reading) - words(whole), (to, data[:4].hex())


@pytest.mark.parametrize("spoil", OF_OTHER_NUMBERS)
@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.sample(2)
def test_an_answer_of_other_numbers_is_an_error_or_numbers(name, spoil):
    for _, _, reading in spoiled(name, OF_OTHER_NUMBERS[spoil]):
        assert all(map(math.isfinite, reading.holdings.values()))
        if reading.position:
            with suppress(SpecError):
                hc.build(reading.position)


FIRST, MIDDLE, LAST = 0, 2, 1
"""When a node begins to be wrong: from the first request on, or so many before the end."""
AT_THE_EDGES = (proxy.html, proxy.half, proxy.null, proxy.zeros, proxy.telling)
HANGING = (proxy.silent, proxy.dripping)
LIMIT, SHORT = 300.0, 0.5
"""Seconds that answers may take, and those that are waited for where none comes."""
ADVICE = re.compile(r"try|use|allow|check|is the RPC|name|again|wait|does it run|leave")


@cache
def requests(name):
    """How many requests a reading takes."""
    its = SUBJECTS[name]()
    with FakeNode(its.contracts).running() as node:
        read(node.url, its.reader, contracts=its.told)
    return node.exchanges


def failing(url, its, clock=None, seconds=LIMIT):
    """Words of the error that a reading ends with."""
    clock = clock or Still().clock()
    with pytest.raises(ReaderError) as raised:
        read(Secret(url), its.reader, contracts=its.told, clock=clock, seconds=seconds)
    return str(raised.value)


def given_up(way, its):
    """Words of a reading for which time is short only once its last request is sent."""
    if way.after == FIRST:
        return failing(way.url, its, seconds=SHORT)
    return failing(
        way.url, its, Clock(lambda: LIMIT - SHORT if way.seen >= way.after else 0.0, Still().sleep)
    )


@pytest.mark.parametrize(
    ("spoil", "left"),
    [*product(proxy.SPOILS, [MIDDLE]), *product(AT_THE_EDGES, (FIRST, LAST))],
    ids=lambda its: getattr(its, "__name__", None),
)
@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.sample(5)
def test_whatever_a_node_answers_it_is_an_error_that_gives_nothing_away(name, spoil, left):
    its = SUBJECTS[name]()
    after = requests(name) - left if left else FIRST
    with FakeNode(its.contracts).running() as node, Proxy(node.url, spoil, after).running() as way:
        said = given_up(way, its) if spoil in HANGING else failing(way.url, its)
    assert ADVICE.search(said), said
    assert not any(secret in said for secret in SECRETS)


@define
class Reorganised(FakeNode):
    """A node whose block, at the same number, is another from some moment on."""

    salt: int = 0

    @property
    def block_hash(self):
        return f"0x{self.number + (self.salt << 64):064x}"


@pytest.mark.parametrize("left", [1, 2, 3])
@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.sample(2)
def test_a_chain_that_is_reorganised_meanwhile_returns_nothing(name, left):
    its = SUBJECTS[name]()
    after = requests(name) - left

    def reorganise():
        node.salt = 1

    with Reorganised(its.contracts).running() as node:
        between = Proxy(node.url, between=reorganise, after=after)
        with between.running():
            assert "reorganised" in failing(between.url, its)


@pytest.mark.parametrize("keep", [0, 1])
@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.sample(2)
def test_a_multicall_that_leaves_answers_out_is_not_believed(name, keep):
    """All of them, or the last; where each is then asked by itself, it is as it should be."""
    its = SUBJECTS[name]()

    class Short(FakeNode):
        def _aggregated(self, data):
            (results,) = decode(["(bool,bytes)[]"], super()._aggregated(data))
            return encode(["(bool,bytes)[]"], [results[: len(results) * keep - keep]])

    try:
        with opened(Short(its.contracts), **its.told) as chain:
            (found,) = chain.read([its.reader])
    except ReaderError:
        return
    assert numbers(found) == numbers(reading_of(its))
