"""What all contracts share: a name, and the venue's rules for an order."""

from __future__ import annotations

from attrs import frozen

from hedgecore import fields


@frozen(kw_only=True)
class Contract:
    """A listed contract's name and order rules, as fields; the instruments add their Greeks."""

    name: str = fields.name("what the order goes by")
    lot: float = fields.number(
        "step in which contracts trade; 0 is any amount", "contracts", fields.NONNEGATIVE, default=0
    )
    min_size: float = fields.number(
        "fewest contracts of one order", "contracts", fields.NONNEGATIVE, default=0
    )
    fee: float | None = fields.number(
        "taker fee; None where unknown",
        "fraction of the notional",
        fields.FRACTION,
        default=0,
        optional=True,
    )
