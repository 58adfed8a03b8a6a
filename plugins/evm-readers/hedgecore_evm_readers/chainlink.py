"""Prices that Chainlink's feeds state, if they are positive and not old."""

from __future__ import annotations

from attrs import frozen

from hedgecore import PriceQuote, ReaderError, Reading, fields
from hedgecore_evm_readers.abi import Call, Conversation, label
from hedgecore_evm_readers.base import EvmReader, address_field, whole_units
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.token_kinds import MOST_DECIMALS

ROUND = "latestRoundData()(uint80,int256,uint256,uint256,uint80)"
DECIMALS, ABOUT = "decimals()(uint256)", "description()"
HEARTBEAT = 3_900.0
"""Seconds: a little more than the hour after which most feeds of volatile assets speak again."""


@frozen(kw_only=True)
class Chainlink(EvmReader):
    """The price of an asset by a Chainlink feed, refused where it is not positive or is old."""

    kind = "evm-chainlink"
    example = {"feed": "0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419", "asset": "WETH"}
    calls = {
        ROUND: "the answer, and when it was given",
        DECIMALS: "its decimals",
        ABOUT: 'what it is, "ETH / USD": its second part is the unit of the price',
    }

    feed: str = address_field("the feed")
    asset: str = fields.name("whose price it is, as the book calls it")
    max_age: float = fields.number(
        "how old an answer may be at the block's time: the feed's heartbeat, and a little more",
        "seconds",
        default=HEARTBEAT,
    )

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Price in the feed's unit."""
        (_, price, _, when, _), decimals, about = yield [
            Call(self.feed, ROUND),
            Call(self.feed, DECIMALS),
            Call(self.feed, ABOUT),
        ]
        said = label(about, most=80) or ""
        unit = said.partition("/")[2].strip()
        where = f"the feed {self.feed} ({said or 'without a description'}) at {venue.block}"
        if price <= 0 or decimals > MOST_DECIMALS:
            raise ReaderError(f"{where} states {price}e-{decimals}, which is no price: use another")
        age = venue.block.time - when
        if not when or not 0 <= age <= self.max_age:
            raise ReaderError(
                f"{where} last spoke {age} s before the block, and 0 to {self.max_age:g} s are"
                " allowed: give max_age=SECONDS if its heartbeat is longer, or take another price"
            )
        if not unit:
            raise ReaderError(f"{where} does not say in which unit its price is, as ETH / USD does")
        quoted = PriceQuote(self.asset, whole_units(price, decimals), unit)
        return Reading(name=f"{self.asset} by Chainlink", quotations=(quoted,))
