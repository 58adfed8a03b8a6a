"""Nodes under the ids of real chains, with real contracts where the table says that they are."""

from __future__ import annotations

from contextlib import ExitStack
from fractions import Fraction

import pytest
from chain import tokens
from chain.algebra import Algebra
from chain.contracts import OWNER, Artifact, Contract
from chain.deployed import multicall
from chain.fork_packages import PINNED as FORKS
from chain.moving import move
from chain.node import Node
from chain.packages import V2_PERIPHERY
from chain.required import bring
from chain.ticks import root_at
from chain.uniswap_v3 import UniswapV3
from hedgecore_evm_readers.deployments import deployments

from hedgecore import Secret, readers

STANDING = [
    (1, "uniswap-v3", UniswapV3),
    (42161, "sushiswap-v3", UniswapV3),
    (8453, "uniswap-v3", UniswapV3),
    (10, "sushiswap-v3", UniswapV3),
    (137, "quickswap-v3", Algebra),
    (56, "thena", Algebra),
]
"""A chain, a manager on it, and whose code stands at its address."""
DECIMALS = (18, 6)


@pytest.fixture
def started():
    """Nodes of the test's own."""
    bring()
    bring(FORKS)
    with ExitStack() as stack:

        def start(chain_id):
            node = Node.start(chain_id)
            stack.callback(node.kill)
            rpc = node.rpc
            stack.callback(rpc.close)
            return node, rpc

        yield start


def standing(rpc, kind, row):
    """The exchange of a deployment, at its addresses."""
    multicall(rpc)
    its = kind.deploy(rpc, Artifact.of(V2_PERIPHERY, "WETH9.json").deploy(rpc))
    moves = {its.positions.address: row.manager}
    moves |= {its.factory.address: row.factory} if row.factory else {}
    move(rpc, moves)
    factory, positions = (
        Contract(rpc, moves.get(each.address, each.address), each.abi)
        for each in (its.factory, its.positions)
    )
    return its._replace(factory=factory, positions=positions)


@pytest.mark.parametrize(("chain_id", "name", "kind"), STANDING)
@pytest.mark.sample(1)
def test_positions_are_read_on_the_chain_of_an_id(started, chain_id, name, kind):
    """Found by their owner at the table's address, with the fees that collecting would pay."""
    (row,) = (each for each in deployments() if (each.chain, each.name) == (chain_id, name))
    node, rpc = started(chain_id)
    exchange = standing(rpc, kind, row)
    pool = exchange.pool(tokens.deploy(rpc, ["WETH", "USDC"], list(DECIMALS)), 3000, root_at(0))
    ids = pool.mint(-60_000, 60_000, 10**12), pool.mint(-600, 600, 10**15)
    for tick in (300, 900, -300):
        pool.move(root_at(tick))
    ask = readers.ReadRequest(owner=OWNER, without=["evm-wallet", "evm-uniswap-v4"])
    writing = readers.BookOptions(numeraire="USDC")
    draft = readers.read_book(Secret(node.url), ask, writing, max_age=1e12)
    sources = draft.tables["source"]["read"].values()
    assert draft.tables["source"]["chain"] == chain_id
    assert {its["contract"] for its in sources} == {row.manager}
    assert {its["token_id"] for its in sources} == set(ids)
    for n, token in enumerate(pool.tokens):
        due = sum(pool.uncollected(each)[n] for each in ids)
        rows = (its for its in draft.tables["holding"] if its["asset"] == token.call("symbol"))
        amount = sum(Fraction(its["amount"]) for its in rows) * 10 ** DECIMALS[n]
        assert abs(amount - due) <= due * Fraction(1, 2**51)
        assert due
