"""How a chain is read: at which block, in how many exchanges, and what else it may hold."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from chain import stubs, tokens
from chain.contracts import ZERO
from chain.estate import CHARGED, OWNED, Estate
from chain.judge import assert_paid, held_now, whole
from chain.proxy import Proxy
from chain.recorded import said
from chain.ticks import root_at
from hedgecore_evm_readers import Chainlink, UniswapV3, UniswapV4, Wallet, read

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers

FEED = "0x" + "fe" * 20


def position(chain):
    pair = tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6])
    pool = chain.uniswap_v3.pool(pair, 3000, root_at(0))
    pool.mint(-60000, 60000, 10**18)
    return pool, UniswapV3(
        token_id=pool.mint(-600, 600, 10**15), contract=pool.exchange.positions.address
    )


def test_an_earlier_block_is_read_as_it_was(chain):
    pool, reader = position(chain)
    head, before = int(chain.rpc.block()["number"], 16), read(chain.node.url, reader)
    pool.swap(0, 10**15)
    assert read(chain.node.url, reader) != before
    assert read(chain.node.url, reader, block=head) == before


def test_all_is_read_at_one_block_while_the_chain_goes_on(chain):
    """Swaps between the requests of a read do not show in it."""
    pool, reader = position(chain)
    before = read(chain.node.url, reader)
    for after in range(4, 9):
        with Proxy(
            chain.node.url, between=lambda: pool.swap(0, 10**14), after=after
        ).running() as between:
            assert read(between.url, reader) == before
        before = read(chain.node.url, reader)


def test_a_chain_without_multicall_reads_the_same(chain):
    _, reader = position(chain)
    with Proxy(chain.node.url).running() as between:
        assert read(between.url, reader, contracts={"multicall3": "none"}) == read(
            chain.node.url, reader
        )


def test_a_node_without_batches_reads_the_same(chain):
    _, reader = position(chain)

    def alone(exchange):
        if isinstance(json.loads(exchange.asked), list):
            error = {"code": -32600, "message": "batches are not served here"}
            exchange.send(json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode())
        else:
            exchange.send(between.passed_on(exchange.asked))

    with Proxy(chain.node.url, alone).running() as between:
        got = read(between.url, reader, contracts={"multicall3": "none"})
    assert got == read(chain.node.url, reader)


def test_all_positions_of_an_owner_are_found_however_many(chain):
    """More than go into one multicall."""
    pool, _ = position(chain)
    ids = [pool.mint(-60 * n, 60 * n, 10**15, owner=OWNED) for n in range(1, 106)]
    told = []
    draft = readers.read_book(
        Secret(chain.node.url),
        readers.ReadRequest(owner=OWNED),
        readers.BookOptions(numeraire="T1"),
        contracts={"uniswap-v3": pool.exchange.positions.address},
        progress=lambda done, of: told.append((done, of)),
    )
    assert len(draft.tables["position"]) == len(ids)
    assert told[-1][0] == told[-1][1] > 0
    assert max(of for _, of in told) >= len(ids)


def test_a_v4_position_in_ether_is_what_it_is_paid(chain):
    pair = [tokens.Ether(chain.rpc), *tokens.deploy(chain.rpc, ["T1"], [6])]
    pool = chain.uniswap_v4.pool(pair, 3000, root_at(-196_260))
    pool.mint(-887_220, 887_220, 10**16)
    token_id = pool.mint(-200_040, -190_020, 10**15)
    for sold in (0, 1, 0):
        pool.swap(sold, 10 ** (16, 8)[sold])
    (reading,) = read(
        chain.node.url, UniswapV4(token_id=token_id, contract=pool.exchange.positions.address)
    )
    names = (ZERO, pair[1].address)
    model = hc.build(reading.position)
    assert_paid(held_now(model, names), pool.payout(token_id), (18, 6))
    fees = whole(pool.uncollected(token_id), (18, 6))
    assert all(fees)
    assert [reading.holdings[name] for name in names] == [float(each) for each in fees]


def test_a_wallet_has_its_tokens_and_the_chains_own_currency(chain):
    estate = Estate.on(chain, CHARGED)
    chain.rpc.ask("anvil_setBalance", OWNED, hex(10**18 + 1))
    kinds = [ZERO, *(token.address for token in estate.tokens)]
    (reading,) = read(chain.node.url, Wallet(owner=OWNED, tokens=kinds))
    wallet = [Fraction(10**18 + 1, 10**18), *estate.paid().wallet]
    assert [reading.holdings[kind] for kind in kinds] == [float(each) for each in wallet]


def feed(chain, price, age=60, about="ETH / USD"):
    """Put a price feed on the chain, which last spoke so many seconds before the block."""
    when = int(chain.rpc.block()["timestamp"], 16) - age
    words = "uint80,int256,uint256,uint256,uint80"
    answers = {
        stubs.call_data("latestRoundData()"): said(words, 7, price, when, when, 7),
        stubs.call_data("decimals()"): said("uint8", 8),
        stubs.call_data("description()"): said("string", about),
    }
    stubs.install(chain.rpc, FEED, answers)
    return Chainlink(feed=FEED, asset="WETH")


def test_a_feed_states_a_price(chain):
    (reading,) = read(chain.node.url, feed(chain, 300_012_345_678))
    (quoted,) = reading.quotations
    assert (quoted.asset, quoted.price, quoted.unit) == ("WETH", 3000.12345678, "USD")


@pytest.mark.parametrize(
    ("price", "age", "why"), [(0, 60, "no price"), (-5, 60, "no price"), (10**11, 10**5, "100000")]
)
def test_a_feed_that_is_old_or_not_positive_is_no_price(chain, price, age, why):
    with pytest.raises(ReaderError, match=why) as raised:
        read(chain.node.url, feed(chain, price, age))
    assert FEED in str(raised.value).lower()
