"""Tokens that are more than a balance: rates of contracts, rebases, fees on transfers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.claims import ATOKEN, DAI, RATE, USDC, VAULT, WSTETH, contracts
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.recorded import said
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers import Wallet

import hedgecore as hc
from hedgecore import Secret, readers


def tokens_of(there, *ids):
    """Tokens of a wallet that was read."""
    with opened(FakeNode(there)) as chain:
        (reading,) = chain.read([Wallet(owner=OWNER, tokens=ids)])
    return {each.symbol: each for each in reading.tokens.values()}


def drafted(there, prices, *ids, **more):
    """A book of the owner's wallet."""
    with FakeNode(there).running() as node:
        ask = readers.ReadRequest(owner=OWNER, tokens=ids, **more)
        writing = readers.BookOptions(prices=prices, numeraire="USD")
        return readers.read_book(Secret(node.url), ask, writing)


def test_rates_of_contracts_are_those_of_the_block():
    found = tokens_of(contracts(), VAULT, WSTETH, ATOKEN)
    rate = float(Fraction(RATE, 10**18))
    assert {name: (its.claim.symbol, its.rate) for name, its in found.items()} == {
        "sDAI": ("DAI", rate),
        "wstETH": ("stETH", rate),
        "aUSDC": ("USDC", 1.0),
    }


@pytest.mark.parametrize("digits", [6, 18])
def test_a_rate_is_of_whole_tokens_whatever_their_decimals(digits):
    there = contracts()
    there[VAULT] |= {
        call_data("decimals()"): said("uint8", 18),
        call_data("convertToAssets(uint256)", 10**18): said("uint256", 3 * 10**digits // 2),
    }
    there[DAI][call_data("decimals()")] = said("uint8", digits)
    assert tokens_of(there, VAULT)["sDAI"].rate == 1.5


def test_rates_are_rows_of_the_books_assets_and_make_prices():
    draft = drafted(contracts(), {"DAI": 1.0, "stETH": 3000.0, "USDC": 1.0}, VAULT, WSTETH, ATOKEN)
    rate = float(Fraction(RATE, 10**18))
    assert draft.tables["assets"] == {
        "sDAI": {"of": "DAI", "rate": rate},
        "wstETH": {"of": "stETH", "rate": rate},
        "aUSDC": {"same_as": "USDC"},
    }
    book = hc.Book.from_tables(draft.tables)
    worth = sum(each.amount * float(each.priced.worth(book.market)) for each in book.positions)
    assert worth == pytest.approx(2 * rate * 1.0 + 2 * rate * 3000.0 + 5.0, rel=1e-15)
    assert any("aUSDC" in note and "rebases" in note for note in draft.notes)


@pytest.mark.parametrize(
    ("to", "name", "answer"),
    [
        (VAULT, "asset()", said("address", VAULT)),
        (VAULT, "asset()", said("address", "0x" + "99" * 20)),
        (ATOKEN, "RESERVE_TREASURY_ADDRESS()", b""),
        (DAI, "decimals()", said("uint256", 78)),
        (VAULT, "asset()", b"\1"),
    ],
    ids=["itself", "nothing there", "a debt", "decimals", "no address"],
)
def test_a_token_whose_claim_cannot_be_told_is_a_plain_one(to, name, answer):
    """A debt token of Aave's names its asset too, and is none of it."""
    there = contracts()
    there[to][call_data(name)] = answer
    found = tokens_of(there, VAULT, ATOKEN)
    assert found["aUSDC" if to == ATOKEN else "sDAI"].claim is None


def test_tokens_that_claim_to_be_each_other_do_not_end_the_read():
    there = contracts()
    there[DAI] |= {
        call_data("balanceOf(address)", OWNER): said("uint256", 10**18),
        call_data("asset()"): said("address", VAULT),
        call_data("convertToAssets(uint256)", 10**18): said("uint256", 10**18),
    }
    draft = drafted(there, {"DAI": 1.0, "sDAI": 1.1}, VAULT, DAI)
    assert len(draft.tables["holding"]) == 2


@pytest.mark.parametrize("name", ["basisPointsRate()", "feeRate()", "_taxFee()"])
@pytest.mark.parametrize("part", [0, 5])
def test_a_fee_on_transfers_is_a_note(name, part):
    there = contracts()
    there[USDC] |= {
        call_data(name): said("uint256", part),
        call_data("balanceOf(address)", OWNER): said("uint256", 10**6),
    }
    draft = drafted(there, {"USDC": 1.0}, USDC)
    told = [each for each in draft.notes if "takes a part of each transfer" in each]
    assert len(told) == bool(part)
    assert all(to_checksum_address(USDC) in each for each in told)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("getPooledEthByShares(uint256)", (10**18,)),
        ("scaledTotalSupply()", ()),
        ("gonsForBalance(uint256)", (1,)),
        ("rebasingCreditsPerToken()", ()),
        ("rewardMultiplier()", ()),
    ],
)
def test_balances_that_change_by_themselves_are_a_note(name, given):
    """Of Lido's, Aave's and Ampleforth's, Olympus', Origin's and Mountain's tokens."""
    there = contracts()
    there[USDC] |= {
        call_data(name, *given): said("uint256", 10**18),
        call_data("balanceOf(address)", OWNER): said("uint256", 10**6),
    }
    told = [each for each in drafted(there, {"USDC": 1.0}, USDC).notes if "rebases" in each]
    assert len(told) == 1
    assert to_checksum_address(USDC) in told[0]


@pytest.mark.skipif(recorded.CASES is None, reason="the repository's tests/cases")
@pytest.mark.parametrize("lie", [1, 10**4])
def test_a_rate_that_pools_contradict_is_not_believed(lie):
    """A pool of USDC and WETH, whose WETH says to be a claim on so many USDC."""
    its = recorded.curve_crypto(recorded.cases("curve_cryptoswap")[0])
    usdc, weth = its.tokens
    its.contracts[weth] |= {
        call_data("asset()"): said("address", usdc),
        call_data("convertToAssets(uint256)", 10**18): said("uint256", 2000 * 10**6 * lie),
    }
    with FakeNode(its.contracts).running() as node:
        ask = readers.ReadRequest(owner=OWNER, pools=[recorded.POOL], without=["evm-wallet"])
        draft = readers.read_book(Secret(node.url), ask)
    assert ("assets" in draft.tables) == (lie == 1)
    assert any("is not believed" in note for note in draft.notes) == (lie != 1)
    price = hc.Book.from_tables(draft.tables).market.price("WETH")
    assert price == pytest.approx(2000.0, rel=1e-6)


@pytest.mark.parametrize(("following", "more"), [(1, False), (0x5F, True)])
def test_a_safe_is_an_owner_and_its_modules_are_named(following, more):
    """They may move what it holds; what they hold may be others' too, and is not counted."""
    there, module = contracts(), to_checksum_address("0x" + "5e" * 20)
    first = "0x" + "00" * 19 + "01"
    modules = call_data("getModulesPaginated(address,uint256)", first, 20)
    there[OWNER.lower()] = {modules: said("address[],address", [module], f"0x{following:040x}")}
    draft = drafted(there, {"DAI": 1.0}, VAULT)
    assert [each["asset"] for each in draft.tables["holding"]] == ["sDAI"]
    [note] = [each for each in draft.notes if "is a Safe" in each]
    assert OWNER in note
    assert module in note
    assert (" and more may move" in note) == more
