"""`concentrated-positions`: many positions of one pool by the chain's own integers, as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, localcontext
from functools import cached_property
from math import floor, fsum, log
from typing import Any

from attrs import Attribute, Converter, field, frozen

from hedgecore import Kernel, PairPool, fields
from hedgecore_uniswap_v3.position import quote_is_a_token
from hedgecore_uniswap_v3.ranges import Ranges, ends, ranges
from hedgecore_uniswap_v3.ticks import EXACT, TICK_BASE, payout, price_at, tick_edges, tick_root

LEAST_BASE, MOST_BASE = "1.00000001", "2"
DECIMAL = re.compile(r"[0-9]\.?[0-9]{0,30}")
BASE_RULE = f"a decimal from {LEAST_BASE} to {MOST_BASE}"
REACH = 128 * log(2)
"""The logarithm of the highest price, 2¹²⁸: beyond it no chain has ticks."""
TICKS = 2**40
"""More than there are of the least base."""
LEAST_ROOT, MOST_ROOT = 2**32, 2**160


def _decimal(given: Any, model: Any, its: Attribute[Any]) -> str:
    """Decimal as text; a float is taken for what it prints, which is what was written."""
    text = repr(float(given)) if isinstance(given, float) else given
    known = isinstance(text, str) and DECIMAL.fullmatch(text)
    if not known or not Decimal(LEAST_BASE) <= Decimal(text) <= Decimal(MOST_BASE):
        raise fields.wrong(model, its.name, f"must be {BASE_RULE}, as text, not {given!r:.80}")
    return str(text)


def _tick_base() -> Any:
    about = "the raw price of a tick over that of the tick below, exactly"
    return field(
        default=TICK_BASE,
        converter=Converter(_decimal, takes_self=True, takes_field=True),
        metadata={"about": about, "unit": "ratio, as text", "rule": BASE_RULE},
    )


def _in_reach(model: ConcentratedPositions, its: Attribute[Any], rows: Iterable[Any]) -> None:
    most = floor(REACH / log(float(model.tick_base)))
    for at, (_, lower, upper) in enumerate(rows):
        place = f"{its.name}[{at}]"
        if upper <= lower:
            reason = f"{upper} must be above tick_lower, {lower}"
            raise fields.wrong(model, f"{place}.tick_upper", reason)
        if lower < -most or upper > most:
            reason = f"must be from {-most} to {most} at tick_base {model.tick_base}, not "
            name, tick = ("tick_lower", lower) if lower < -most else ("tick_upper", upper)
            raise fields.wrong(model, f"{place}.{name}", f"{reason}{tick}")


@frozen(kw_only=True)
class ConcentratedPositions(PairPool):
    """Many positions of one pool exactly as the chain has them, held as one: a vault, a book.

    Quoted in either token, as `uniswap-v3-position` is. Fees that are not collected are no part of
    it: they are plain balances.
    """

    accepts_floats = True
    kind = "concentrated-positions"
    example = {
        "tokens": ["WETH", "USDC"],
        "positions": [
            [5_000_000_000_000_000, -200_310, -193_380],
            ["12000000000000000", -197_000, -195_500],
        ],
        "decimals": [18, 6],
    }

    tokens: tuple[str, str] = fields.names("token0 and token1", most=2)
    positions: tuple[tuple[float, int, int], ...] = fields.rows(
        "the positions",
        fields.column("liquidity", "raw", fields.NONNEGATIVE, exact=True),
        fields.whole_column("tick_lower", "tick", -TICKS, TICKS),
        fields.whole_column("tick_upper", "tick", -TICKS, TICKS),
        validator=_in_reach,
    )
    decimals: tuple[int, int] = fields.integers("of token0 and token1", "digits", 0, 77, (0, 0))
    quote: str | None = fields.name(
        "which token prices are in; token1 unless given", optional=True, validator=quote_is_a_token
    )
    tick_base: str = _tick_base()
    sqrt_price_x96: int | None = fields.integer(
        "the pool's own √price",
        "2⁻⁹⁶ √(raw token1 per token0)",
        LEAST_ROOT,
        MOST_ROOT,
        optional=True,
    )
    share: float = fields.share()
    fee: float | None = fields.fee()

    @property
    def assets(self) -> tuple[str, str]:  # type: ignore[override]
        """(base, quote)."""
        token0, token1 = self.tokens
        return (token1, token0) if self.quote == token0 else (token0, token1)

    @cached_property
    def whole(self) -> Ranges:
        """All positions as one curve, in whole units, the part of it that is held."""
        liquidity, *ticks = zip(*self.positions, strict=True)
        how: Any = {"inverted": self._is_inverted, "base": self.tick_base}
        pairs = zip(*ticks, strict=True)
        edges = (tick_edges(lower, upper, self.decimals, **how) for lower, upper in pairs)
        with localcontext(EXACT):
            unit = float(Decimal(self.share) / Decimal(10 ** sum(self.decimals)).sqrt())
        return ranges(self.assets, liquidity, ends(edges), unit)

    @property
    def _is_inverted(self) -> bool:
        return self.assets[0] == self.tokens[1]

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        return self.whole._holdings(price)  # noqa: SLF001 - the same curve

    def _gamma(self, price: Any, holdings: Any) -> Any:
        return self.whole._gamma(price, holdings)  # noqa: SLF001

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        return self.whole._fill(prices, holdings, gamma)  # noqa: SLF001

    def _kernel(self) -> Kernel | None:
        return self.whole._kernel()  # noqa: SLF001

    def _breakpoints(self) -> tuple[float, ...]:
        return self.whole.breakpoints()

    def _spot(self) -> float | None:
        if self.sqrt_price_x96 is None:
            return None
        return price_at(self.sqrt_price_x96, self.decimals, inverted=self._is_inverted)

    def _current_holdings(self) -> tuple[float, float] | None:
        """Holdings now, base and quote, by the contract's own integers, before it rounds down."""
        if self.sqrt_price_x96 is None:
            return None
        paid = (self._payout(*row) for row in self.positions)
        zero, one = (self.share * fsum(amounts) for amounts in zip(*paid, strict=True))
        return (one, zero) if self._is_inverted else (zero, one)

    def _payout(self, liquidity: float, lower: int, upper: int) -> tuple[float, float]:
        """Amounts of token0 and token1 in one position, whole units."""
        low, high = (tick_root(tick, self.tick_base) for tick in (lower, upper))
        zero, one = payout(liquidity, self.sqrt_price_x96 or 0, low, high)
        return float(zero / 10 ** self.decimals[0]), float(one / 10 ** self.decimals[1])
