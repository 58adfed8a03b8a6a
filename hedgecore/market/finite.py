"""Things whose answers are finite, or refused with the number that is to blame.

A formula overflows somewhere inside, and where it is called alone no book has bounded its numbers.
So each method that prices is wrapped, once, where its class is made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np

from hedgecore.market.labels import refuse_labels
from hedgecore.market.magnitudes import refuse_endless, too_far
from hedgecore.market.market import Market

F = TypeVar("F", bound=Callable[..., Any])
PRICING = (
    "worth", "exposure", "notional", "carry", "margin", "min_order", "enter", "price", "mark",
    "charge", "option_delta", "net_delta", "net_loss",
)  # fmt: skip
"""Methods of instruments that take a market; where one has another, it is left as it is."""


class FinitePricing:
    """Base of instruments: no infinity is an answer of theirs, and no warning leaves them.

    Raises:
        SpecError: from a method of `PRICING`, where its answer would be too large to compute with.

    """

    __slots__ = ()

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        for name in PRICING:
            formula = getattr(cls, name, None)
            if (
                callable(formula)
                and not {"__wrapped__", "__isabstractmethod__"} & vars(formula).keys()
            ):
                setattr(cls, name, finite(formula, endless=name == "margin"))


def finite(formula: F, *, endless: bool = False) -> F:
    """Formula of a model in a market, whose infinities are a SpecError, and which never warns.

    Args:
        formula: a method of the model, which takes a market.
        endless: whether an infinity is an answer of its gamma, as at a kink, or of a margin, beyond
            the most that a venue lets be held.

    """

    @wraps(formula)
    def answered(model: Any, market: Market, *rest: Any, **named: Any) -> Any:
        for each in rest:
            refuse_labels("a number beside the market", each, market.shape)
        with np.errstate(all="ignore"):
            try:
                answer = formula(model, market, *rest, **named)
            except (OverflowError, ZeroDivisionError) as error:
                what = f"{formula.__name__} would be no number of"
                raise too_far(what, model, market) from error
            refuse_endless(formula.__name__, answer, model, market, endless=endless)
        return answer

    return cast("F", answered)
