"""How nodes differ, and what must not: a node in memory that can be made odd in any way."""

from __future__ import annotations

import json
import re

import pytest
from eth_abi.abi import encode
from hedgecore_evm_readers import Call, Evm, Logs
from hedgecore_evm_readers.deployments import MULTICALL3
from hedgecore_evm_readers.http import HttpClient, Reply

from hedgecore import ReaderError, Secret, default_registry
from hedgecore.readers.request import reader_by_name

HASH = "0x" + "ab" * 32
OTHER = "0x" + "cd" * 32
TOKEN = "0x" + "11" * 20
NAME, SUPPLY = Call(TOKEN, "name()(uint256)"), Call(TOKEN, "totalSupply()(uint256)")
WORD = "0x" + (7).to_bytes(32, "big").hex()


class Odd:
    """A node: `answers` by method, each a value, a function of the params, or an Error."""

    def __init__(self, **answers):
        self.answers = {
            "eth_chainId": "0x7a69",
            "eth_syncing": False,
            "eth_getBlockByNumber": {"number": "0x64", "hash": HASH, "timestamp": "0x1"},
            "eth_getCode": "0x",
            "eth_call": WORD,
            **answers,
        }
        self.asked = []

    def post(self, body, _):
        asked = json.loads(body)
        many = isinstance(asked, list)
        said = [self._answer(each) for each in (asked if many else [asked])]
        return Reply(200, json.dumps(said if many else said[0]).encode())

    def _answer(self, request):
        self.asked.append(request)
        answer = self.answers[request["method"]]
        answer = answer(*request["params"]) if callable(answer) else answer
        part = {"error": answer} if isinstance(answer, dict) and "code" in answer else {}
        return {"jsonrpc": "2.0", "id": request["id"], **(part or {"result": answer})}

    def sent(self, method):
        return [each["params"] for each in self.asked if each["method"] == method]


@pytest.fixture
def opened(monkeypatch):
    """Open a chain on a node in memory."""

    def at(node, **options):
        monkeypatch.setattr(HttpClient, "post", lambda _, body, seconds: node.post(body, seconds))
        return Evm.open(Secret("http://node.example/key"), **options)

    return at


def no_hashes(_, tag):
    return {"code": -32602, "message": "invalid argument"} if isinstance(tag, dict) else WORD


def test_calls_name_the_blocks_hash(opened):
    node = Odd()
    venue = opened(node)
    assert venue.ask([NAME, SUPPLY]) == [7, 7]
    blocks = [params[1] for params in node.sent("eth_call")]
    assert blocks == [{"blockHash": HASH, "requireCanonical": True}] * 2


def test_a_node_that_takes_no_hashes_is_asked_by_number_and_looked_at_again(opened):
    node = Odd(eth_call=no_hashes, eth_getCode=no_hashes)
    venue = opened(node, contracts={"multicall3": "none"})
    assert venue.ask([NAME]) == [7]
    assert [params[1] for params in node.sent("eth_call")] == ["0x64"]
    venue.confirm()
    node.answers["eth_getBlockByNumber"] = {"number": "0x64", "hash": OTHER, "timestamp": "0x1"}
    with pytest.raises(ReaderError, match=r"no longer in the chain .*0xcdcdcdcd"):
        venue.confirm()


def test_a_question_is_asked_once(opened):
    node = Odd()
    venue = opened(node)
    assert venue.ask([NAME, NAME]) == venue.ask([NAME]) * 2 == [7, 7]
    assert len(node.sent("eth_call")) == 1


def test_what_ran_out_of_gas_among_others_is_asked_alone(opened):
    """A multicall in which every call fails, since the first had used up the gas."""

    def call(message, _):
        if message["to"] != MULTICALL3:
            return WORD
        return "0x" + encode(["(bool,bytes)[]"], [[(False, b"")] * 2]).hex()

    node = Odd(eth_getCode="0x60", eth_call=call)
    assert opened(node).ask([NAME, SUPPLY]) == [7, 7]
    assert len(node.sent("eth_call")) == 3


@pytest.mark.parametrize("enough", [True, False])
def test_what_is_refused_with_gas_to_spare_is_not_asked_again(opened, enough):
    """The last of a multicall's calls takes more than a million: where it answers, it was there."""
    last = (True, bytes(1024)) if enough else (False, b"")

    def call(message, _):
        if message["to"] != MULTICALL3:
            return {"code": 3, "message": "execution reverted"}
        rows = [(False, b""), (True, (7).to_bytes(32)), last]
        return "0x" + encode(["(bool,bytes)[]"], [rows]).hex()

    node = Odd(eth_getCode="0x60", eth_call=call)
    questions = [Call(TOKEN, "name()(uint256)", optional=True), SUPPLY]
    assert opened(node).ask(questions) == [None, 7]
    assert len(node.sent("eth_call")) == (1 if enough else 2)


@pytest.mark.parametrize(
    ("error", "optional", "said"),
    [
        ({"code": 3, "message": "execution reverted"}, True, None),
        ({"code": 3, "message": "execution reverted"}, False, "the contract refuses"),
        ({"code": -32000, "message": "out of gas"}, True, "'out of gas': try again"),
        ({"code": -32000, "message": "missing trie node 0x1"}, True, "use an archive node"),
    ],
)
def test_only_what_a_contract_refuses_counts_as_absent(opened, error, optional, said):
    [answer] = opened(Odd(eth_call=error)).ask([Call(TOKEN, "name()(uint256)", (), optional)])
    assert answer is None if said is None else said in str(answer)


def test_a_block_that_is_gone_is_a_reorganisation(opened):
    gone = {"code": -32000, "message": "hash 0xab… is not currently canonical"}
    with pytest.raises(ReaderError, match="reorganised while it was read"):
        opened(Odd(eth_call=gone)).ask([NAME])


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"eth_chainId": 1}, "the chain id: the node answers 1, which is no number"),
        ({"eth_chainId": "0x01"}, "which is no number"),
        ({"eth_syncing": {"currentBlock": "0x1"}}, "still syncing"),
        ({"eth_getBlockByNumber": None}, "has no block latest"),
        ({"eth_getBlockByNumber": {"number": "0x64", "timestamp": "0x1"}}, "has no hash"),
        ({"eth_getCode": "60"}, "which are no bytes"),
    ],
)
def test_a_node_that_answers_nonsense_is_refused(opened, answers, said):
    with pytest.raises(ReaderError, match=said):
        opened(Odd(**answers))


def test_a_known_chain_must_be_fresh(opened):
    with pytest.raises(ReaderError, match=r"is behind: its latest block, 100, is .* s old"):
        opened(Odd(eth_chainId="0x1"))
    assert opened(Odd(eth_chainId="0x1"), block=100).block.number == 100
    with pytest.raises(ReaderError, match="it is at block 100"):
        opened(Odd(), since=101)


@pytest.mark.parametrize("tag", ["safe", "finalized"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "the node has no {} block, and is at 100"),
        ({"code": -39001, "message": "Unknown block"}, "the node has no {} block, and is at 100"),
        ({"code": -32000, "message": "{} block not found"}, "the node has no {} block"),
        (
            {"number": "0x0", "hash": OTHER, "timestamp": "0x1"},
            "the node's {} block is 0, the first, and its latest is 100",
        ),
    ],
)
def test_a_chain_too_young_for_a_block_is_said_with_what_to_do(opened, tag, answer, said):
    latest = {"number": "0x64", "hash": HASH, "timestamp": "0x1"}
    node = Odd(eth_getBlockByNumber=lambda which, _: latest if which == "latest" else answer)
    with pytest.raises(ReaderError, match=re.escape(said.format(tag))) as told:
        opened(node, block=tag)
    assert "its chain is too young" in str(told.value)
    assert "leave --block out" in str(told.value)


def test_another_refusal_of_a_block_is_not_taken_for_a_young_chain(opened):
    latest, busy = {"number": "0x64", "hash": HASH, "timestamp": "0x1"}, {"code": -32000}
    node = Odd(
        eth_getBlockByNumber=lambda which, _: (
            latest if which == "latest" else {**busy, "message": "no quota"}
        )
    )
    with pytest.raises(ReaderError, match=r"'no quota' to its safe block: try again"):
        opened(node, block="safe")


def test_a_chain_of_the_future_is_not_fresh(opened):
    later = hex(2**33)
    node = Odd(
        eth_chainId="0x1",
        eth_getBlockByNumber={"number": "0x64", "hash": HASH, "timestamp": later},
    )
    with pytest.raises(ReaderError, match=r"block, 100, is dated \d+ s in the future"):
        opened(node)
    assert opened(node, block=100).time == 2**33


def test_contracts_are_named_and_have_a_checksum(opened):
    with pytest.raises(ReaderError, match="no contract is called 'uniswap'"):
        opened(Odd(), contracts={"uniswap": TOKEN})
    with pytest.raises(ReaderError, match="the checksum of the address"):
        opened(Odd(), contracts={"wrapped": "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756CC2"})
    with pytest.raises(ReaderError, match="give --contract uniswap-v3=0x…"):
        opened(Odd()).contract("uniswap-v3")


@pytest.mark.parametrize("given", ["evm-slipstream", "slipsteam", "1:slipsteam"])
def test_a_contract_by_nearly_its_name_is_answered_with_that(opened, given):
    with pytest.raises(ReaderError, match="did you mean 'slipstream'"):
        opened(Odd(), contracts={given: TOKEN})


def named(venue, text):
    """The contract of a position that is named by its number alone."""
    registry = default_registry()
    kinds = {kind: registry[kind] for kind in registry.kinds("hedgecore_readers")}
    return reader_by_name(venue, kinds, text).contract


@pytest.mark.parametrize(
    ("reader", "family"),
    [
        ("evm-uniswap-v3:1", "uniswap-v3"),
        ("evm-slipstream:1", "slipstream"),
        ("evm-algebra-v1:1", "algebra-v1"),
        ("evm-algebra-integral:1", "algebra-integral"),
        ("evm-uniswap-v4:1", "uniswap-v4"),
        ("evm-pancake-infinity-cl:1", "pancake-infinity-cl"),
        (f"evm-balancer-buffer:{TOKEN},owner={TOKEN}", "balancer-v3"),
    ],
)
def test_a_position_by_its_number_is_in_the_contract_that_is_given_or_the_name_is_said(
    opened, reader, family
):
    with pytest.raises(ReaderError) as raised:
        named(opened(Odd()), reader)
    said = str(raised.value)
    assert f"where {family} stands here is not known: give --contract {family}=0x…, or" in said
    assert f"{reader},contract=0x…" in said
    there = opened(Odd(), contracts={family: TOKEN})
    assert named(there, reader) == TOKEN


def test_of_two_managers_that_are_known_one_has_to_be_named(opened):
    """Slipstream stands twice on Base; what is given goes first."""
    base = Odd(eth_chainId=hex(8453))
    with pytest.raises(ReaderError, match=r"slipstream is 0x.* and 0x.* here: name it with the"):
        named(opened(base, block=100), "evm-slipstream:1")
    given = opened(base, block=100, contracts={"slipstream": TOKEN})
    assert named(given, "evm-slipstream:1") == TOKEN


def test_events_are_their_topics(opened):
    events = [{"topics": ["0x" + "00" * 31 + "05"]}]
    question = Logs(TOKEN, (None,), 100)
    assert opened(Odd(eth_getLogs=events)).ask([question]) == [[(5,)]]
    [answer] = opened(Odd(eth_getLogs=[1])).ask([question])
    assert "which are no events" in str(answer)
