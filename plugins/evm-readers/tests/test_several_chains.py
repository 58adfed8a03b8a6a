"""Nodes of several chains in one book: each is as fresh as its own chain's blocks are, or named."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from time import time

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.fake import FakeNode
from hedgecore_evm_readers.deployments import chains

from hedgecore import ReaderError, Secret, readers

WETH = {number: chains()[number].contracts["wrapped"].lower() for number in (1, 8453)}
PRICES = readers.BookOptions(prices=dict.fromkeys(("WETH", "WETH 8453"), 2000.0))
ASK = readers.ReadRequest(owner=OWNER, without=["evm-uniswap-v4"])


@contextmanager
def nodes(*ages):
    """Nodes of Ethereum and Base, whose last blocks are so many seconds old."""
    with ExitStack() as running:
        found = list[Secret]()
        for number, age in zip(WETH, ages, strict=True):
            token = {WETH[number]: recorded.token("WETH", 18, **{OWNER: 10**18})}
            node = FakeNode(token, chain_id=number, timestamp=int(time()) - age)
            found.append(Secret(running.enter_context(node.running()).url))
        yield found


@pytest.mark.parametrize(
    ("ages", "named"),
    [((0, 5000), "chain 8453: "), ((5000, 0), "chain 1: "), ((0, -5000), "chain 8453: ")],
    ids=["the second is old", "the first is old", "the second is of the future"],
)
def test_a_chain_that_is_not_fresh_is_refused_by_its_name(ages, named):
    with nodes(0, 0) as rpcs:
        tables = readers.read_book(rpcs, ASK, PRICES).tables
    with nodes(*ages) as rpcs:
        with pytest.raises(ReaderError, match=named + "the node"):
            readers.read_book(rpcs, ASK, PRICES)
        with pytest.raises(ReaderError, match=named + "the node"):
            readers.refresh_book(tables, rpcs)


def test_chains_that_are_allowed_to_be_old_have_each_its_age():
    with nodes(0, 5000) as rpcs:
        tables = readers.read_book(rpcs, ASK, PRICES, max_age=1e4).tables
    ages = {name: each["as_of"] for name, each in tables["source"]["chains"].items()}
    assert ages["8453"] < ages["1"]
    assert tables["as_of"] == ages["8453"]


def test_each_chain_may_have_a_block_of_its_own():
    with nodes(0, 0) as rpcs:
        number = FakeNode({}).number
        both = f"1:{number},8453:finalized"
        tables = readers.read_book(rpcs, ASK, PRICES, block=both).tables
        assert readers.refresh_book(tables, rpcs, block=both).tables == tables
        for named, words in (
            (f"1:{number}", "chain 8453: '1:.*names no block of it"),
            (f"1:{number + 1},8453:latest", f"chain 1: .*block {number + 1}"),
            (f"{both},10:latest", "is on chain 10, and the RPCs are of 1, 8453"),
        ):
            with pytest.raises(ReaderError, match=words):
                readers.read_book(rpcs, ASK, PRICES, block=named)
