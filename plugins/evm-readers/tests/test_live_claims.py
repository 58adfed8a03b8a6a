"""Tokens that claim others, on a live chain: what they pay is what is read, at its rate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import aave, solidity, tokens
from chain.aave import RAY, AToken, earn
from chain.contracts import OWNER
from chain.required import bring
from hedgecore_evm_readers import Wallet, read

INDEX = 1_234_567_890_123_456_789_012_345_678
VAULT = """\
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC4626, ERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
contract Vault is ERC4626 {
    constructor(IERC20 asset) ERC4626(asset) ERC20("Vault", "V") {}
}
"""


def token_of(url, address):
    """What is read of a token in the owner's wallet: amount, rate, and what it claims."""
    (reading,) = read(url, Wallet(owner=OWNER, tokens=[address]))
    its = next(each for each in reading.tokens.values() if each.id == address)
    return reading.holdings[address], its.rate, its.claim


def compiled():
    """A vault with nothing of its own but a name."""
    files = {"Vault": "Vault.sol"}
    return solidity.compiled(
        solidity.SOLC_8, files, lambda name: VAULT if name == "Vault.sol" else solidity.sphere(name)
    )


def whole(raw, digits):
    return float(Fraction(raw, 10**digits))


@pytest.mark.parametrize("digits", [6, 18])
def test_an_atoken_is_what_withdrawing_pays(chain, digits):
    """What it has earned is in its balance; half is taken out, and then all."""
    bring([aave.PACKAGE])
    (asset,) = tokens.deploy(chain.rpc, ["USDC"], [digits])
    market = AToken.over(asset, "aUSDC")
    market.deposit(7 * 10**digits + 1, RAY)
    asset.send("mint", market.contract.address, 5 * 10**digits)
    earn(asset, INDEX)
    url, address = chain.node.url, market.contract.address
    for part in (2, 1):
        raw = market.contract.call("balanceOf", OWNER)
        assert raw > 10**digits
        amount, rate, claim = token_of(url, address)
        assert (amount, rate, claim.id) == (whole(raw, digits), 1.0, asset.address)
        with chain.rpc.undone():
            assert market.withdraw(raw, INDEX) == raw
        market.withdraw(raw // part, INDEX)


@pytest.mark.campaign  # its source is compiled
@pytest.mark.parametrize("digits", [6, 18])
def test_a_share_of_a_vault_is_what_redeeming_pays(sources, chain, digits):  # noqa: ARG001
    """At the rate of a whole share, so to a raw unit a share; a third is redeemed, and then all."""
    (asset,) = tokens.deploy(chain.rpc, ["DAI"], [digits])
    vault = compiled()["Vault"].deploy(chain.rpc, asset.address)
    tokens.endow([asset], vault.address)
    vault.send("deposit", 10**3 * 10**digits + 7, OWNER)
    asset.send("transfer", vault.address, 123 * 10**digits + 45)
    for part in (3, 1):
        shares = vault.call("balanceOf", OWNER)
        amount, rate, claim = token_of(chain.node.url, vault.address)
        assert (amount, claim.id) == (whole(shares, digits), asset.address)
        due = Fraction(amount) * Fraction(rate) * 10**digits
        paid = vault.call("redeem", shares, OWNER, OWNER)
        assert abs(due - paid) <= 1 + shares / 10**digits + due * Fraction(1, 2**50)
        vault.send("redeem", shares // part, OWNER, OWNER)
