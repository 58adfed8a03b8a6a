"""`Rules`: what every policy obeys."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Rules:
    """Rules that every policy obeys.

    Attributes:
        cooldown: years after a trade in which there is no other.
        min_order_value: least order, cash.

    """

    cooldown: float = 0.0
    min_order_value: float = 0.0
