"""What a run does: its settings, with the legs that they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import View
from hedgecore.simulation.legs.setup import Stock

if TYPE_CHECKING:
    from hedgecore.simulation.settings import Simulation


@frozen(eq=False, kw_only=True)
class Plan:
    """What a run does, with its legs.

    Attributes:
        settings: of the run.
        stock: the legs.
        rows: which of the assets are hedged.
        worth: of the positions at the start.
        scale: what rounding is relative to: the gross worth of the positions then.

    """

    settings: Simulation
    stock: Stock
    rows: tuple[int, ...]
    worth: Array = field(factory=lambda: np.zeros(()))
    scale: float = 0.0

    def rate(self, view: View) -> Array:
        """Return the interest rate on cash, of shape S or less, per year; 0 where none is named."""
        return np.asarray(view.market.rates.get(view.market.numeraire, 0.0), dtype=np.float64)
