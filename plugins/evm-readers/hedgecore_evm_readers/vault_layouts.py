"""Vaults of ranges, as rows of data: what each is asked for its ranges, and what is withheld.

A row writes each function as the rows of `layouts` do.
"""

from __future__ import annotations

from typing import NamedTuple

from hedgecore_evm_readers.layouts import LAYOUTS, function, pool_questions
from hedgecore_evm_readers.pool_positions import POOL_POSITIONS

TEN_THOUSAND = 10_000


class VaultLayout(NamedTuple):
    """A kind of vault.

    Attributes:
        title: what people call it.
        pool: the pool that its ranges are in; a list, of which there may be one.
        ends: the lower and the upper tick of each range, a function each.
        listed: all ranges at once, with the key of their pool.
        withheld: what it holds that is not its owners', of token0, and of token1.
        cut: the managers' part of the fees; of several the sum.
        cut_of: what that is a part of; one in so many, if None.
        total: what it says that it holds, against which what was read is checked.
        total_has_fees: whether fees that were not collected yet are in it.

    """

    title: str
    pool: str
    ends: tuple[tuple[str, str], ...] = ()
    listed: str | None = None
    withheld: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    cut: tuple[str, ...] = ()
    cut_of: int | None = TEN_THOUSAND
    total: str | None = None
    total_has_fees: bool = True

    @property
    def probes(self) -> tuple[str, ...]:
        """Functions that every vault of the kind has."""
        ends = (text for pair in self.ends for text in pair)
        more = (text for text in (self.listed, self.total) if text)
        return (self.pool, *ends, *more, *self.withheld[0], *self.withheld[1], *self.cut)


POOL = "pool()(address pool)"
_ARRAKIS_V1_ENDS = (("lowerTick()(int24 tick)", "upperTick()(int24 tick)"),)
_UNDERLYING = "getUnderlyingBalances()(uint256 total0, uint256 total1)"

VAULTS = (
    VaultLayout(
        "Gamma (Hypervisor)",
        POOL,
        (
            ("baseLower()(int24 tick)", "baseUpper()(int24 tick)"),
            ("limitLower()(int24 tick)", "limitUpper()(int24 tick)"),
        ),
        cut=("fee()(uint8 cut)",),
        cut_of=None,
        total="getTotalAmounts()(uint256 total0, uint256 total1)",
        total_has_fees=False,
    ),
    VaultLayout(
        "Arrakis v1",
        POOL,
        _ARRAKIS_V1_ENDS,
        withheld=(
            ("managerBalance0()(uint256 raw)", "arrakisBalance0()(uint256 raw)"),
            ("managerBalance1()(uint256 raw)", "arrakisBalance1()(uint256 raw)"),
        ),
        cut=("managerFeeBPS()(uint16 cut)", "arrakisFeeBPS()(uint16 cut)"),
        total=_UNDERLYING,
    ),
    VaultLayout(
        "G-UNI",
        POOL,
        _ARRAKIS_V1_ENDS,
        withheld=(
            ("managerBalance0()(uint256 raw)", "gelatoBalance0()(uint256 raw)"),
            ("managerBalance1()(uint256 raw)", "gelatoBalance1()(uint256 raw)"),
        ),
        cut=("managerFeeBPS()(uint16 cut)", "gelatoFeeBPS()(uint16 cut)"),
        total=_UNDERLYING,
    ),
    VaultLayout(
        "Arrakis v2",
        "getPools()(address[] pool)",
        listed="getRanges()((int24,int24,uint24)[] ranges)",
        withheld=(("managerBalance0()(uint256 raw)",), ("managerBalance1()(uint256 raw)",)),
        cut=("managerFeeBPS()(uint16 cut)",),
    ),
)


CALLS = {
    **{
        function(text).signature: f"of the vault: {use}"
        for row in VAULTS
        for texts, use in (
            ((row.pool,), "the pool of its ranges"),
            ([text for pair in row.ends for text in pair], "the ends of its ranges"),
            ([row.listed] if row.listed else [], "its ranges"),
            ([*row.withheld[0], *row.withheld[1]], "what it holds that is its managers'"),
            (row.cut, "the managers' part of the fees"),
            ([row.total] if row.total else [], "what it says that it holds, a check"),
        )
        for text in texts
    },
    **{
        function(each.text).signature: "of the pool: what the vault has in a range"
        for each in POOL_POSITIONS.values()
    },
    **pool_questions(each for each in LAYOUTS if each.name in POOL_POSITIONS),
    **{
        function(text).signature: "of the pool: fee growth, everywhere and outside of its ranges"
        for each in LAYOUTS
        if each.name in POOL_POSITIONS
        for text in (*each.growth, each.ticks)
    },
}
