"""All numbers that explain a hedge: fees, carry, margin, and losses over prices."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from hedgecore.analysis import costs
from hedgecore.analysis.frozen import FrozenInput, frozen_inputs
from hedgecore.analysis.loss_rates import loss_rates, net_losses
from hedgecore.books.book import Book
from hedgecore.hedging.result import Hedge

if TYPE_CHECKING:
    from hedgecore.analysis.losses import Losses


@frozen(eq=False, slots=False)
class HedgeReport:
    """A book, a hedge of it, and what that costs and leaves; cash is in the numeraire.

    Attributes:
        book: the positions and the market.
        hedge: the answer.

    """

    book: Book
    hedge: Hedge

    @cached_property
    def fees(self) -> Mapping[str, float | None]:
        """Instrument → fee of its order, None where unknown; of what is traded."""
        return costs.fees(self.hedge)

    @cached_property
    def order_carry(self) -> Mapping[str, float | None]:
        """Instrument → carry of its order per day, where that is not zero; None where unknown."""
        return costs.order_carry(self.hedge)

    @cached_property
    def position_carry(self) -> Mapping[str, float | None]:
        """Position → carry per day, None where unknown."""
        return costs.position_carry(self.book)

    @cached_property
    def margins(self) -> Mapping[str, float]:
        """Instrument → initial margin of the contracts wanted, held and traded."""
        return costs.margins(self.hedge)

    @cached_property
    def loss_rates(self) -> Mapping[str, float | None]:
        """Position → what it loses per day while its delta is hedged, None where unknown."""
        return loss_rates(self.book)

    @cached_property
    def net_losses(self) -> Mapping[str, float | None]:
        """Same of the positions that have a rule of their own for it."""
        return net_losses(self.book)

    @cached_property
    def frozen(self) -> tuple[FrozenInput, ...]:
        """All that the positions take as it stands, though it moves by itself."""
        return frozen_inputs(self.book)

    @cached_property
    def losses(self) -> Losses:
        """Profit of the book as each price moves alone, before and after the hedge."""
        from hedgecore.analysis.losses import losses  # noqa: PLC0415 - brings the scenarios

        return losses(self.book, self.hedge)


def hedge_report(book: Book, hedge: Hedge | None = None) -> HedgeReport:
    """Numbers behind a hedge of a book, the book's own by default; each computed at first use.

    Examples:
        >>> from hedgecore.books.book import Book
        >>> book = Book.from_tables({"prices": {"ETH": 2000.0, "USD": 1.0}, "numeraire": "USD",
        ...     "holding": [{"asset": "ETH", "amount": 3.0}],
        ...     "instrument": [{"name": "P", "kind": "perp", "underlying": "ETH", "fee": 0.001}]})
        >>> hedge_report(book).fees
        {'P': 6.0}

    """
    return HedgeReport(book, book.hedge() if hedge is None else hedge)
