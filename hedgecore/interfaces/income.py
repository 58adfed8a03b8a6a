"""Interface of income: what a position in a pool earns from those who trade there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen

from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


@frozen(eq=False, kw_only=True)
class Earning:
    """One unit of a position over some steps, S = (K, N).

    Attributes:
        model: the pool.
        market: at the end of each step.
        dt: (K, 1), the length of each step in years.
        worth: S, of the unit, as each step began.
        active: S, the part of each step in range: of its beginning and its end, ½ each.
        rows: what else the path says of each step, by name; see `PathChunk`.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> earning = hc.Earning(
        ...     model=pool,
        ...     market=hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}),
        ...     dt=np.array([[0.5]]),
        ...     worth=np.array([[60_000.0]]),
        ...     active=np.array([[1.0]]),
        ...     rows={},
        ... )
        >>> hc.build({"kind": "fee-rate", "per_year": 0.2}).fees(earning).tolist()
        [[6000.0]]

    """

    model: Any
    market: Market
    dt: Array
    worth: Array
    active: Array
    rows: Mapping[str, Array]


class AbstractIncome(ABC):
    """Fees earned: one frozen attrs class with `kind`, `compounding` and `earned`.

    Attributes:
        kind: what a table calls it, in kebab-case.
        compounding: whether they are put into the position again, or paid out in cash.

    Example:
        >>> income = hc.build({"kind": "fee-rate", "per_year": 0.2})
        >>> isinstance(income, hc.AbstractIncome), income.compounding
        (True, False)

    """

    kind: ClassVar[str]
    compounding: bool

    @abstractmethod
    def fees(self, earning: Earning) -> Array:
        """Fees that one unit earns in each step, S, in the numeraire, 0 or more.

        Raises:
            SpecError: the path does not say what it depends on.

        """
