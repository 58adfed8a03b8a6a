"""`uniswap-v3-position`: the integers on the chain, of a v3 or v4 position or a fork's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Attribute, frozen

from hedgecore import fields
from hedgecore_uniswap_v3.range_pool import RangePool
from hedgecore_uniswap_v3.ranges import Ranges, ends, ranges
from hedgecore_uniswap_v3.ticks import (
    EXACT,
    MAX_SQRT_PRICE_X96,
    MAX_TICK,
    MIN_SQRT_PRICE_X96,
    MIN_TICK,
    Edge,
    payout,
    price_at,
    tick_edges,
    tick_root,
)


def _above(model: UniswapV3Position, its: Attribute[int], upper: int) -> None:
    if upper <= model.tick_lower:
        raise fields.wrong(model, its.name, f"{upper} must be above tick_lower, {model.tick_lower}")


def quote_is_a_token(model: Any, its: Attribute[str | None], quote: str | None) -> None:
    """Refuse a quote that is neither of the model's tokens."""
    if quote not in (None, *model.tokens):
        raise fields.wrong(model, its.name, f"{quote!r} must be one of the tokens {model.tokens}")


@frozen(kw_only=True)
class UniswapV3Position(RangePool):
    """A position exactly as its contract has it, quoted in either of its tokens.

    With quote = token1 the price is token1 per token0 in whole units; with quote = token0 it is the
    inverse. Fees that are not collected are no part of it: they are plain balances.
    """

    accepts_floats = True
    kind = "uniswap-v3-position"
    example = {
        "tokens": ["WETH", "USDC"],
        "liquidity": 5_000_000_000_000_000,
        "tick_lower": -200_310,
        "tick_upper": -193_380,
        "decimals": [18, 6],
    }

    tokens: tuple[str, str] = fields.names("token0 and token1", most=2)
    liquidity: float = fields.number("the position's", "raw", fields.NONNEGATIVE, exact=True)
    tick_lower: int = fields.integer("where the range begins", "tick", MIN_TICK, MAX_TICK)
    tick_upper: int = fields.integer(
        "where the range ends", "tick", MIN_TICK, MAX_TICK, validator=_above
    )
    decimals: tuple[int, int] = fields.integers("of token0 and token1", "digits", 0, 77, (0, 0))
    sqrt_price_x96: int | None = fields.integer(
        "the pool's own √price",
        "2⁻⁹⁶ √(raw token1 per token0)",
        MIN_SQRT_PRICE_X96,
        MAX_SQRT_PRICE_X96,
        optional=True,
    )
    quote: str | None = fields.name(
        "which token prices are in; token1 unless given", optional=True, validator=quote_is_a_token
    )
    fee: float | None = fields.fee()

    @classmethod
    def aggregate(cls, columns: Mapping[str, Sequence[Any]], amounts: Sequence[float]) -> Ranges:
        """``Σ amount · position`` of one pool as one curve, from fields of each position."""
        names = ("tick_lower", "tick_upper", "decimals", "tokens", "quote")
        edges = [
            tick_edges(lower, upper, decimals, inverted=quote == tokens[0])
            for lower, upper, decimals, tokens, quote in zip(*map(columns.get, names), strict=True)
        ]
        units = [10.0 ** (-0.5 * sum(each)) for each in columns["decimals"]]
        liquidity = np.asarray(amounts) * np.asarray(columns["liquidity"], dtype=float) * units
        tokens, quote = columns["tokens"][0], columns["quote"][0]
        assets = tokens[::-1] if quote == tokens[0] else tokens
        return ranges(assets, liquidity, ends(edges))

    @property
    def assets(self) -> tuple[str, str]:  # type: ignore[override]
        """(base, quote)."""
        token0, token1 = self.tokens
        return (token1, token0) if self.quote == token0 else (token0, token1)

    @cached_property
    def edges(self) -> tuple[Edge, Edge]:
        """The range's lower and upper price, of the base in the quote, in whole units."""
        return tick_edges(
            self.tick_lower, self.tick_upper, self.decimals, inverted=self._is_inverted
        )

    @cached_property
    def whole_liquidity(self) -> float:
        """L in whole units, ``L / √10^(decimals)``; the same quoted either way."""
        with localcontext(EXACT):
            return float(Decimal(self.liquidity) / Decimal(10 ** sum(self.decimals)).sqrt())

    @property
    def _is_inverted(self) -> bool:
        return self.assets[0] == self.tokens[1]

    def _spot(self) -> float | None:
        if self.sqrt_price_x96 is None:
            return None
        return price_at(self.sqrt_price_x96, self.decimals, inverted=self._is_inverted)

    def _current_holdings(self) -> tuple[float, float] | None:
        """Holdings now, base and quote, by the contract's own integers, before it rounds down."""
        if self.sqrt_price_x96 is None:
            return None
        lower, upper = tick_root(self.tick_lower), tick_root(self.tick_upper)
        paid = payout(self.liquidity, self.sqrt_price_x96, lower, upper)
        zero, one = (float(raw / 10**each) for raw, each in zip(paid, self.decimals, strict=True))
        return (one, zero) if self._is_inverted else (zero, one)
