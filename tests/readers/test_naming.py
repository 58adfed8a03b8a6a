"""No token takes another's name, nor a currency's, whatever it calls itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hedgecore import Token
from hedgecore.readers.naming import MONEY, SHOWN, names_of

TRUE = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
NEAR = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eBff"
IDS = st.sampled_from([TRUE, NEAR, "0x" + "11" * 20, "0x" + "22" * 20])
SYMBOLS = st.sampled_from(["USDC", "USD", "WETH", f"USDC {TRUE[:SHOWN]}", "USDC 0x11111111"])
TOKENS = st.dictionaries(IDS, SYMBOLS, min_size=1).map(
    lambda found: [Token(its, symbol) for its, symbol in found.items()]
)


@settings(max_examples=200)
@given(TOKENS)
def test_two_tokens_never_have_one_name(tokens):
    names = names_of(tokens, {})
    assert len({*names.values()}) == len(tokens)
    assert not {*names.values()} & {*MONEY}


def test_an_address_that_begins_alike_is_written_out():
    names = names_of([Token(TRUE, "USDC"), Token(NEAR, "USDC")], {})
    assert names == {TRUE: f"USDC {TRUE}", NEAR: f"USDC {NEAR}"}


def test_a_token_that_calls_itself_a_currency_is_not_worth_one():
    assert names_of([Token(TRUE, "USD")], {}) == {TRUE: f"USD {TRUE[:SHOWN]}"}
    assert names_of([Token(TRUE, "USD")], {TRUE: "USD"}) == {TRUE: "USD"}


def test_a_token_that_calls_itself_the_chains_own_currency_is_told_apart():
    wrapped = Token(TRUE, "WETH")
    names = names_of([Token("0x0", "ETH", 18, wrapped), wrapped, Token(NEAR, "ETH")], {})
    assert names == {"0x0": "ETH 0x0", TRUE: "WETH", NEAR: f"ETH {NEAR[:SHOWN]}"}
