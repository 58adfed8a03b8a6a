"""Whatever is wrong with a node or a contract: an error that says so in time, and no number."""

from __future__ import annotations

import logging
import os
import re
import traceback
from contextlib import ExitStack
from itertools import product

import pytest
from chain import proxy, stubs, tokens
from chain.clock import Still
from chain.contracts import OWNER
from chain.deployed import Chain
from chain.node import Node
from chain.proxy import SECRETS, Proxy
from chain.ticks import root_at
from eth_utils import to_checksum_address
from hedgecore_evm_readers import BalancerV2, UniswapV2, UniswapV3, UniswapV4, read
from hedgecore_evm_readers.clock import Clock

from hedgecore import ReaderError, Secret, readers

FIRST, READING, LAST = 0, 4, 8
"""Requests that come before: none; the chain, the block and its code; all but whether it stands."""
AT_THE_EDGES = (proxy.html, proxy.half, proxy.silent, proxy.null, proxy.zeros, proxy.telling)
ADVICE = re.compile(r"try|use|allow|check|is the RPC|name|again|wait|does it run|leave")
LIMIT, SHORT = 300.0, 0.5
"""Seconds that answers may take, and those that are waited for where none comes."""
HANGING = (proxy.silent, proxy.dripping)


@pytest.fixture
def own(deployed):  # noqa: ARG001 - what has no chain skips
    """A chain of the test's own, to be frozen, killed and reorganised."""
    with ExitStack() as stack:
        node = Node.start()
        stack.callback(node.kill)
        chain = Chain.on(node)
        stack.callback(chain.rpc.close)
        yield chain


def position(chain):
    """Open a position of v3; return its reader."""
    pool = chain.uniswap_v3.pool(tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6]), 3000, root_at(0))
    return UniswapV3(
        token_id=pool.mint(-600, 600, 10**15), contract=pool.exchange.positions.address
    )


def failing(url, *readers, seconds=LIMIT, clock=None, **options):
    """Return the words of the ReaderError that a read ends with, which give nothing away."""
    with pytest.raises(ReaderError) as raised:
        read(Secret(url), *readers, seconds=seconds, clock=clock or Still().clock(), **options)
    assert not set(SECRETS) & set(found_in(raised.value))
    return str(raised.value)


def given_up(between, reader):
    """Return the words of a read for which time is short only when the last request is sent."""
    if between.after == FIRST:
        return failing(between.url, reader, seconds=SHORT)
    clock = Clock(lambda: LIMIT - SHORT if between.seen >= between.after else 0.0, Still().sleep)
    return failing(between.url, reader, clock=clock)


def found_in(error):
    """Yield the secrets in an error's words, and in its traceback's locals outside of the tests."""
    seen = traceback.TracebackException.from_exception(error, capture_locals=True)
    while seen is not None:
        shown = [*seen.format_exception_only(), repr(error), repr(error.args)]
        for frame in seen.stack:
            if os.sep + "tests" + os.sep not in frame.filename:
                shown += [frame.line or "", *(frame.locals or {}).values()]
        yield from (secret for secret in SECRETS if any(secret in each for each in shown))
        seen = seen.__cause__ or seen.__context__


@pytest.mark.parametrize(
    ("spoil", "after"),
    [*((each, READING) for each in proxy.SPOILS), *product(AT_THE_EDGES, (FIRST, LAST))],
    ids=lambda value: getattr(value, "__name__", None),
)
@pytest.mark.sample(5)
def test_a_spoiled_answer_is_an_error_that_gives_nothing_away(chain, caplog, spoil, after):
    """From the first answer on, from the middle of a read, or in the last look at the block."""
    reader, head = position(chain), int(chain.rpc.block()["number"], 16)
    with caplog.at_level(logging.DEBUG), Proxy(chain.node.url, spoil, after).running() as between:
        said = given_up(between, reader) if spoil in HANGING else failing(between.url, reader)
    assert ADVICE.search(said), said
    assert after == FIRST or f"block {head} " in said
    assert after != READING or str(reader) in said
    assert not any(secret in said + caplog.text for secret in SECRETS)


def test_each_request_is_sent_once(chain):
    """Over one connection, which is kept."""
    reader = position(chain)
    with Proxy(chain.node.url).running() as between:
        read(between.url, reader)
    assert between.seen == LAST + 1


def test_a_proxy_that_spoils_nothing_changes_nothing(chain):
    reader = position(chain)
    with Proxy(chain.node.url).running() as between:
        assert read(between.url, reader) == read(chain.node.url, reader)
    assert set(between.paths) == {f"/v2/{proxy.KEY}?token={proxy.TOKEN}"}
    assert all(login and login.startswith("Basic ") for login in between.logins)


def test_a_busy_node_is_asked_again_within_the_limit(chain):
    reader = position(chain)

    def busy_at_first(exchange):
        between.spoil = None
        exchange.send(b"{}", 429, Retry_After="7")

    still = Still()
    with Proxy(chain.node.url, busy_at_first, 2).running() as between:
        found = read(between.url, reader, clock=still.clock())
    assert found == read(chain.node.url, reader)
    assert still.time == 7.0


@pytest.mark.parametrize("after", [FIRST, READING])
def test_a_frozen_node_is_given_up_in_time(own, after):
    reader = position(own)
    with Proxy(own.node.url, between=own.node.freeze, after=after).running() as between:
        said = given_up(between, reader)
    own.node.thaw()
    assert "did not answer" in said
    assert read(own.node.url, reader)


@pytest.mark.parametrize("after", [FIRST, READING])
def test_a_node_that_is_killed_is_gone(own, after):
    reader = position(own)
    with Proxy(own.node.url, between=own.node.kill, after=after).running() as between:
        assert "node" in failing(between.url, reader)
    assert "refuses the connection" in failing(own.node.url, reader)


def test_a_node_that_is_behind_says_at_which_block(chain):
    reader, head = position(chain), int(chain.rpc.block()["number"], 16)
    for said in (
        failing(chain.node.url, reader, since=head + 5),
        failing(chain.node.url, reader, block=head + 5),
        failing(chain.node.url, reader, max_age=60.0),
    ):
        assert "behind" in said
        assert str(head) in said


@pytest.mark.parametrize("after", range(2, LAST + 2))
@pytest.mark.sample(4)
def test_a_reorganised_chain_returns_nothing(own, after):
    """Wherever in the read it happens, up to the last look at the block."""
    reader = position(own)

    def reorganise():
        own.rpc.ask("anvil_reorg", 3, [])

    with Proxy(own.node.url, between=reorganise, after=after).running() as between:
        try:
            (reading,) = read(between.url, reader, seconds=LIMIT)
        except ReaderError as error:
            assert "reorganised" in str(error)  # noqa: PT017 - it may have been read before
        else:
            assert after == LAST + 1
            assert reading.position["liquidity"]


def test_a_chain_that_is_another_is_not_read(chain):
    said = failing(chain.node.url, position(chain), chain=1)
    assert "31337" in said
    assert "chain 1 " in said


def test_what_is_no_pool_is_none(chain):
    token = tokens.deploy(chain.rpc, ["T0"], [18])[0].address
    for address in (token, OWNER, "0x" + "ab" * 20):
        for reader in (UniswapV2(pool=address, owner=OWNER), BalancerV2(pool=address, owner=OWNER)):
            said = failing(chain.node.url, reader).lower()
            assert address.lower() in said
            assert f"block {int(chain.rpc.block()['number'], 16)}" in said


def test_an_address_that_no_reader_knows_says_who_was_asked(chain):
    for address in (tokens.deploy(chain.rpc, ["T0"], [18])[0].address, OWNER):
        with pytest.raises(ReaderError, match="no pool") as raised:
            readers.read_book(Secret(chain.node.url), readers.ReadRequest(pools=[address]))
        assert address in str(raised.value)
        assert "evm-uniswap-v2" in str(raised.value)


@pytest.mark.parametrize("kind", [UniswapV3, UniswapV4])
def test_a_position_that_is_not_there_is_an_error(chain, kind):
    exchange = {UniswapV3: chain.uniswap_v3, UniswapV4: chain.uniswap_v4}[kind]
    assert "999" in failing(chain.node.url, kind(token_id=999, contract=exchange.positions.address))


def cloned(rpc, address, implementation):
    """Put a minimal proxy (EIP-1167) for an implementation at an address."""
    code = f"0x363d3d373d3d3d363d73{implementation[2:].lower()}5af43d82803e903d91602b57fd5bf3"
    rpc.ask("anvil_setCode", address, code)


def test_a_token_behind_a_proxy_reads_as_the_token(chain):
    """And a pool behind one, with no state of its own, is empty: no zero comes of it."""
    pair = two_of(chain, 6, 18)
    made = chain.uniswap_v2.pair(pair, (10**12, 10**20))
    reader = UniswapV2(pool=made.contract.address, owner=OWNER)
    (plain,) = read(chain.node.url, reader)
    inside = "0x" + "1f" * 20
    chain.rpc.ask("anvil_setCode", inside, chain.rpc.ask("eth_getCode", pair[0].address, "latest"))
    cloned(chain.rpc, pair[0].address, inside)
    (behind,) = read(chain.node.url, reader)
    assert behind == plain
    bare = to_checksum_address("0x" + "2f" * 20)
    cloned(chain.rpc, bare, made.contract.address)
    assert bare in failing(chain.node.url, UniswapV2(pool=bare, owner=OWNER))


def two_of(chain, *decimals):
    made = tokens.deploy(chain.rpc, ["T0", "T1"], list(decimals))
    tokens.endow(made)
    return made


@pytest.mark.parametrize("digits", [0, 77])
def test_a_token_of_few_or_many_decimals_is_counted_exactly(chain, digits):
    pair = two_of(chain, digits, 18)
    made = chain.uniswap_v2.pair(pair, (3 * 10**12, 10**20))
    (reading,) = read(chain.node.url, UniswapV2(pool=made.contract.address, owner=OWNER))
    assert reading.position["reserves"][0] == 3e12 / 10**digits
    assert reading.tokens[pair[0].address].decimals == digits


def test_a_token_of_more_decimals_than_there_are_is_refused(chain):
    pair = two_of(chain, 78, 18)
    made = chain.uniswap_v2.pair(pair, (3 * 10**12, 10**20))
    said = failing(chain.node.url, UniswapV2(pool=made.contract.address, owner=OWNER))
    assert "78" in said
    assert pair[0].address in said


def test_a_symbol_of_bytes32_or_none_at_all_is_a_name(chain):
    """MKR answers bytes32; another token may have no symbol, or one that is not text."""
    pair = two_of(chain, 18, 18)
    made = chain.uniswap_v2.pair(pair, (10**18, 10**20))
    words = {b"MKR".ljust(32, b"\0"): "MKR", b"\xff" * 32: None, b"": None}
    for answer, name in words.items():
        with chain.rpc.undone():
            balance = stubs.call_data("balanceOf(address)", made.contract.address)
            answers = {
                stubs.call_data("symbol()"): answer,
                stubs.call_data("decimals()"): (18).to_bytes(32),
                balance: (10**18).to_bytes(32),
            }
            stubs.install(chain.rpc, pair[0].address, answers)
            (reading,) = read(chain.node.url, UniswapV2(pool=made.contract.address, owner=OWNER))
            short = f"{pair[0].address[:6]}…{pair[0].address[-4:]}"
            assert reading.tokens[pair[0].address].symbol == (name or short)


def test_a_paused_pool_is_refused_and_says_so(chain):
    made = chain.balancer.weighted(two_of(chain, 18, 18), [10**18 // 2] * 2, [10**20, 10**20])
    chain.balancer.pause(made)
    said = failing(chain.node.url, BalancerV2(pool=made.contract.address, owner=OWNER))
    assert "paused" in said
    assert made.contract.address in said


def test_a_contract_that_reverts_is_named_with_the_block(chain):
    reader = position(chain)
    pool = chain.uniswap_v3.factory.call("getPool", *pool_key(chain, reader))
    chain.rpc.ask("anvil_setCode", pool, "0x5f5ffd")
    said = failing(chain.node.url, reader)
    assert pool.lower() in said.lower()
    assert f"block {int(chain.rpc.block()['number'], 16)}" in said


def pool_key(chain, reader):
    return chain.uniswap_v3.positions.call("positions", reader.token_id)[2:5]
