"""Kinds of tokens: exchanged for others at a rate, rebasing, taking a part of each transfer.

Rows of data, each asked of every token that is met. What a contract states of itself may be false:
a rate that pools contradict is not written, and that is the core's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from hedgecore_evm_readers.abi import Call, guess_call
from hedgecore_evm_readers.base import BYTECODE, ENCODING

ONE = 10**18
MOST_DECIMALS = 77
"""10⁷⁷ is the largest power of ten in 256 bits."""


class Claim(NamedTuple):
    """A kind of token that is exchanged for another by contract.

    Attributes:
        title: what people call it.
        proof: how it is proven, as `EvmReader.proof`.
        asset: asked of it: the other token.
        rate: asked of it: what one whole token gives, raw; one for one where there is none.
        takes_amount: whether it is asked for an amount, one whole token.
        also: asked of it, to tell it from others that name a token the same way.

    """

    title: str
    proof: str
    asset: str
    rate: str | None = None
    takes_amount: bool = False
    also: str | None = None

    def questions(self, token: str) -> list[Call]:
        """Calls that tell whether the token is of this kind, and of what."""
        return [guess_call(token, each) for each in (self.asset, self.also or self.asset)]

    def rate_call(self, token: str, decimals: int) -> list[Call]:
        """Rate, where there is one to ask for."""
        if self.rate is None:
            return []
        return [guess_call(token, self.rate, *([10**decimals] if self.takes_amount else []))]

    def rate_of(self, raw: int | None, decimals: int) -> float | None:
        """Rate in whole units from its answer and the other's decimals; None where it is none."""
        if self.rate is None:
            return 1.0
        return float(Fraction(raw, 10 ** min(decimals, MOST_DECIMALS))) if raw else None


class Trait(NamedTuple):
    """Something that a token does, told by a function that it has, or whose answer is not 0."""

    signature: str
    arguments: tuple[Any, ...]
    note: str
    if_positive: bool = False


CLAIMS = (
    Claim("wstETH", ENCODING, "stETH()(address)", "stEthPerToken()(uint256)"),
    Claim(
        "ERC-4626",
        BYTECODE,
        "asset()(address)",
        "convertToAssets(uint256)(uint256)",
        takes_amount=True,
    ),
    Claim(
        "an aToken",
        BYTECODE,
        "UNDERLYING_ASSET_ADDRESS()(address)",
        also="RESERVE_TREASURY_ADDRESS()(address)",
    ),
)
REBASES = "rebases: balances of it change by themselves, and pools may count other amounts"
TAKES = "takes a part of each transfer: an exit pays less of it than is written"
TRAITS = (
    Trait("getPooledEthByShares(uint256)(uint256)", (ONE,), REBASES),
    Trait("scaledTotalSupply()(uint256)", (), REBASES),
    Trait("gonsForBalance(uint256)(uint256)", (1,), REBASES),
    Trait("rebasingCreditsPerToken()(uint256)", (), REBASES),
    Trait("rewardMultiplier()(uint256)", (), REBASES),
    Trait("basisPointsRate()(uint256)", (), TAKES, if_positive=True),
    Trait("feeRate()(uint256)", (), TAKES, if_positive=True),
    Trait("_taxFee()(uint256)", (), TAKES, if_positive=True),
)
QUESTIONS = {
    **{each.asset: f"of {each.title}: the token that it is exchanged for" for each in CLAIMS},
    **{each.rate: f"of {each.title}: the rate" for each in CLAIMS if each.rate},
    **{each.also: f"whether it is {each.title}" for each in CLAIMS if each.also},
    **{each.signature: f"whether the token {each.note.partition(':')[0]}" for each in TRAITS},
}


def probes(token: str) -> list[Call]:
    """All that is asked of a token to know its kinds."""
    claims = [one for each in CLAIMS for one in each.questions(token)]
    return [*claims, *(guess_call(token, each.signature, *each.arguments) for each in TRAITS)]


def kinds(answers: Sequence[Any]) -> tuple[tuple[Claim, str] | None, tuple[str, ...]]:
    """Claim and the token that it is on, and the notes, from the answers to `probes`."""
    asset, also = answers[: 2 * len(CLAIMS) : 2], answers[1 : 2 * len(CLAIMS) : 2]
    rows = zip(CLAIMS, asset, also, strict=True)
    found = [(each, of) for each, of, more in rows if of is not None and more is not None]
    said = zip(TRAITS, answers[2 * len(CLAIMS) :], strict=True)
    notes = [t.note for t, raw in said if raw is not None and (raw or not t.if_positive)]
    return (found[0] if found else None), tuple(dict.fromkeys(notes))
