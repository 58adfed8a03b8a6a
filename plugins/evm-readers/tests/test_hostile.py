"""Nodes, tokens and managers that mean harm, or are not what they were taken for."""

from __future__ import annotations

import json
import socket
import threading
from base64 import b64encode
from contextlib import contextmanager

import pytest
from chain import proxy, recorded, stubs, tokens
from chain.clock import Still
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.proxy import KEY, PASSWORD, SECRETS, USER, Proxy
from chain.recorded import said
from chain.ticks import root_at
from chain.uniswap_v4 import DECREASE, TAKE_PAIR
from eth_abi import encode
from eth_utils import to_checksum_address
from hedgecore_evm_readers import UniswapV2, UniswapV3, Wallet, read
from hedgecore_evm_readers.abi import label

from hedgecore import ReaderError, Secret, readers

READING = 4
"""Requests before a reader asks."""
LOGIN = b64encode(f"{USER}:{PASSWORD}".encode())
SPREAD = b" " * (160 - len(KEY) // 2)
"""Behind so much, a key stands across the end of what is shown of an answer."""
LEDGER = "0x" + "77" * 20


def refused(url, *of, **options):
    """Return the words of the ReaderError that a read ends with."""
    with pytest.raises(ReaderError) as raised:
        read(Secret(url), *of, **options)
    return str(raised.value)


def position(chain, fee=3000):
    pool = chain.uniswap_v3.pool(tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6]), fee, root_at(0))
    pool.mint(-60000, 60000, 10**15)
    token_id = pool.mint(-600, 600, 10**15)
    return pool, UniswapV3(token_id=token_id, contract=pool.exchange.positions.address)


def book(chain, *, without=(), contracts=None, **asked):
    ask = readers.ReadRequest(**asked, without=["evm-wallet", *without])
    return readers.read_book(Secret(chain.node.url), ask, contracts=contracts)


@pytest.mark.parametrize(
    "body",
    [LOGIN, KEY.upper().encode(), SPREAD + KEY.encode(), b"127.0.0.1"],
    ids=["login", "capitals", "across the end", "host"],
)
def test_a_key_is_known_in_other_clothes(chain, body):
    """As basic authorisation writes it, in capitals, or cut in two by the end of what is shown."""
    with Proxy(chain.node.url, lambda its: its.send(body), READING).running() as between:
        words = refused(between.url, position(chain)[1])
    assert body.decode().strip() not in words
    assert not any(secret[:6] in words.lower() for secret in SECRETS)


@pytest.mark.parametrize("after", range(READING + 5))
@pytest.mark.parametrize("result", [KEY, [KEY], {"hash": KEY, "number": KEY}])
@pytest.mark.sample(4)
def test_a_key_among_results_is_not_shown(chain, result, after):
    """A gateway that answers with its own address where a number or bytes should be."""
    with Proxy(chain.node.url, lambda its: its.result(result), after).running() as between:
        assert KEY not in refused(between.url, position(chain)[1])


def test_a_node_that_says_at_once_is_not_asked_at_once(chain):
    """Retry-After: 0 would be a thousand requests a second, 300 000 within the limit."""
    busy = Proxy(chain.node.url, lambda its: its.send(b"{}", 429, Retry_After="0"), READING)
    with busy.running() as between:
        words = refused(between.url, position(chain)[1], seconds=300.0, clock=Still().clock())
    assert "busy" in words
    assert between.seen < READING + 50  # pauses double up to 8 s


def test_an_answer_of_a_million_values_is_not_taken_apart(chain):
    """Its lists would take thirty times the memory of its bytes, and longer than the time limit."""
    body = b'{"jsonrpc":"2.0","id":5,"result":[' + b"[]," * 2**20 + b"[]]}"
    with Proxy(chain.node.url, lambda its: its.send(body), READING).running() as between:
        assert "more than 1048576 values" in refused(between.url, position(chain)[1])


@pytest.mark.parametrize("its", [[], {}, None, "5", True, 1e300])
@pytest.mark.parametrize("multicall", [{}, {"multicall3": "none"}], ids=["multicall", "batch"])
def test_an_id_of_any_sort_is_another_one(chain, its, multicall):
    def odd(exchange):
        asked = json.loads(exchange.asked)
        answers = [{"jsonrpc": "2.0", "id": its, "result": "0x1"} for _ in asked]
        exchange.send(json.dumps(answers if isinstance(asked, list) else answers[0]).encode())

    with Proxy(chain.node.url, odd, READING).running() as between:
        assert "the node answers" in refused(between.url, position(chain)[1], contracts=multicall)


@contextmanager
def dripping(start, then):
    """Serve one connection: what it begins with, and then a bit more now and then."""
    ended = threading.Event()

    def serve():
        there, _ = server.accept()
        with there:
            there.sendall(start)
            while not ended.wait(0.02):
                try:
                    there.sendall(then)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/{KEY}"
        finally:
            ended.set()


@pytest.mark.parametrize(
    ("start", "then"),
    [
        (b"HTTP/1.1 200", b" "),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    ],
    ids=["status", "header", "continue", "chunk", "trailer", "body"],
)
def test_what_drips_for_ever_is_given_up_and_left_behind_by_no_thread(start, then):
    with dripping(start, then) as url:
        before = {*threading.enumerate()}
        words = refused(url, UniswapV2(pool=LEDGER), seconds=0.3)
        for each in {*threading.enumerate()} - before:
            each.join(60)
            assert not each.is_alive()
    assert "did not answer" in words


@pytest.mark.parametrize(("name", "words"), [("uniswap-v3", "at most"), ("uniswap-v4", "listed")])
def test_a_token_in_the_place_of_a_manager_is_an_error(chain, name, words):
    """Its balances are not positions: to list 10²⁴ of them would never end."""
    one, _ = tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6])
    one.send("mint", OWNER, 10**24)
    with pytest.raises(ReaderError, match=words) as raised:
        book(chain, owner=OWNER, contracts={name: one.address})
    assert one.address.lower() in str(raised.value).lower()
    assert f"--skip evm-{name}" in str(raised.value)


@pytest.mark.parametrize("answer", ["01", "ff"])
def test_a_contract_that_answers_everything_is_no_pool(chain, answer):
    """With one word, whatever it is asked."""
    code = f"0x7f{answer.rjust(64, answer[0])}5f5260205ff3"
    chain.rpc.ask("anvil_setCode", LEDGER, code)
    with pytest.raises(ReaderError, match=LEDGER):
        book(chain, owner=OWNER, pools=[LEDGER])


@pytest.mark.skipif(recorded.CASES is None, reason="the recorded cases are in the repository")
def test_a_curve_pool_is_known_whatever_its_fee():
    """Its fee, times 10^10, need not fit the 24 bits in which a pool of v3 would say its own."""
    its = recorded.curve(recorded.cases("curve_stableswap")[-1])
    its.contracts[recorded.POOL][stubs.call_data("fee()")] = said("uint256", 30_000_000)
    with FakeNode(its.contracts).running() as node:
        ask = readers.ReadRequest(owner=OWNER, pools=[recorded.POOL], without=["evm-wallet"])
        draft = readers.read_book(Secret(node.url), ask)
    assert draft.tables["position"][0]["fee"] == 0.003


def test_a_position_of_tokens_that_cannot_be_read_does_not_keep_the_owner_from_the_others(chain):
    """Anybody can send one: it is unknown, with its address, until it is left out."""
    (good, mine), (bad, sent) = position(chain), position(chain)
    chain.rpc.ask("anvil_setCode", bad.tokens[0].address, "0x5f5ffd")
    asked = {"owner": OWNER, "contracts": {"uniswap-v3": mine.contract}}
    ids = (sent.token_id - 1, sent.token_id)
    tables = book(chain, **asked).tables
    assert {*tables["source"]["assets"].values()} == {each.address for each in good.tokens}
    unread = tables["source"]["unread"]
    assert [row["token_id"] for row in unread.values()] == [*ids]
    assert all(bad.tokens[0].address in row["reason"] for row in unread.values())
    left = [f"evm-uniswap-v3:{number}" for number in ids]
    again = book(chain, **asked, without=left).tables
    assert "unread" not in again["source"]
    assert again["position"] == tables["position"]


def test_a_token_that_refuses_to_say_a_balance_is_unknown_alone():
    """And does not keep the rest of the wallet from being counted."""
    owner, good, bad = OWNER, "0x" + "61" * 20, "0x" + "62" * 20
    contracts = {
        good: recorded.token("GOOD", 6, **{owner: 3 * 10**6}),
        bad: recorded.token("BAD", 6),
    }
    reader = Wallet(owner=owner, tokens=(good, bad))
    with FakeNode(contracts).running() as node:
        (reading,) = read(node.url, reader)
    assert list(reading.holdings.values()) == [3.0]
    assert [*reading.unknown] == [to_checksum_address(bad)]
    assert owner in reading.unknown[to_checksum_address(bad)]


def test_a_position_of_v4_that_was_closed_is_not_listed(chain):
    """Its NFT is there until somebody burns it."""
    pair = tokens.deploy(chain.rpc, ["WETH", "USDC"], [18, 18])
    pool = chain.uniswap_v4.pool(pair, 3000, root_at(0))
    kept, closed = pool.mint(-600, 600, 10**15), pool.mint(-600, 600, 10**12)
    types = ["uint256", "uint256", "uint128", "uint128", "bytes"]
    taken = encode(types, [closed, 10**12, 0, 0, b""])
    to = encode(["address", "address", "address"], [*pool.key[:2], OWNER])
    pool._act(OWNER, (DECREASE, taken), (TAKE_PAIR, to))
    manager = pool.exchange.positions.address
    tables = book(chain, owner=OWNER, contracts={"uniswap-v4": manager}).tables
    assert [each["token_id"] for each in tables["source"]["read"].values()] == [kept]


def test_fees_are_exact_where_their_growth_wraps(chain):
    """The pool's counters are modulo 2²⁵⁶, and pass it in practice."""
    pool, _ = position(chain)
    for slot in ("0x1", "0x2"):
        near = (2**256 - 10**30).to_bytes(32, "big").hex()
        chain.rpc.ask("anvil_setStorageAt", pool.contract.address, slot, f"0x{near}")
    ids = [pool.mint(-1200, 1200, 10**16), pool.mint(600, 1800, 10**16)]
    for tick in (900, -60, 1500, -2400, 600):
        pool.move(root_at(tick))
    assert pool.contract.call("feeGrowthGlobal0X128") < 2**255
    for token_id in ids:
        reader = UniswapV3(token_id=token_id, contract=pool.exchange.positions.address)
        (reading,) = read(chain.node.url, reader)
        raw = [reading.holdings[its.address] * 10 ** its.call("decimals") for its in pool.tokens]
        assert [round(each) for each in raw] == list(pool.uncollected(token_id))
        assert all(raw)


def test_a_symbol_of_endless_accents_is_cut_before_it_is_put_in_order():
    """Unicode orders accents in the square of their number."""
    long = "a" + "\u0316\u0301" * 2_000_000
    assert len(label(encode(["string"], [long])) or "") <= 24


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"block": -1}, "-1 is no block"),
        ({"max_age": float("nan")}, "nan"),
        ({"max_age": -1.0}, "0 or more"),
        ({"seconds": float("nan")}, "time limit"),
    ],
)
def test_a_limit_that_is_none_is_refused(chain, options, words):
    assert words in refused(chain.node.url, position(chain)[1], **options)


def test_a_scheme_in_capitals_is_one(chain):
    url = chain.node.url.replace("http", "HTTP")
    assert read(url, position(chain)[1])
    asked = readers.ReadRequest(pools=[to_checksum_address(LEDGER)])
    with pytest.raises(ReaderError, match="is no pool"):
        readers.read_book(Secret(url), asked)


def test_a_redirection_is_not_followed(chain):
    """Where it leads to would be sent the key."""
    with Proxy(chain.node.url).running() as other:
        elsewhere = {"Location": f"http://127.0.0.1:{other.port}/{KEY}"}
        with Proxy(
            chain.node.url, lambda its: its.send(b"", 307, **elsewhere), READING
        ).running() as between:
            assert "leads elsewhere" in refused(between.url, position(chain)[1])
        assert other.seen == 0
    assert proxy.KEY in between.url
