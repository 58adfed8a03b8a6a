"""Prices that claims state, beside what is usual of them: a strike, and the premium of an option.

A call is never worth more than what it is on, a put than its strike; and hardly an option is traded
for less than a hundred-thousandth of what it is on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hedgecore import Market, StatedPrice

LEAST_PREMIUM, MOST_PREMIUM = 1e-5, 0.9
"""Premiums that are usual: of the underlying's price at least, of the bound at most."""
MOST_GAIN = 50.0
"""Factor by which an option's mark has usually grown, at most; one may well become worthless."""


def stated_strike_and_premium(
    model: Any, market: Market, coin: str, paid_in: str
) -> dict[str, StatedPrice]:
    """Strike of an option, and its premium where one was to be paid, by field.

    Args:
        model: the option.
        market: of today.
        coin: that the strike is in.
        paid_in: coin that the premium is in.

    """
    strike = StatedPrice(model.strike, model.underlying, coin)
    if not model.entry_price:
        return {"strike": strike}
    instead = other_coins(market, paid_in, (model.underlying, coin, market.numeraire))
    if model.contract_size != 1.0:
        instead[f"for a contract of {model.contract_size:g}"] = model.contract_size
    about = f"a {model.option_type} on {model.underlying}", paid_in
    mark = float(model.price(market))
    usual = _usual_premiums(model, market, (coin, paid_in), mark)
    premium = StatedPrice(model.entry_price, *about, usual, instead, mark)
    return {"strike": strike, "entry_price": premium}


def _usual_premiums(
    model: Any, market: Market, coins: tuple[str, str], mark: float
) -> tuple[float, float]:
    """Least and most that a premium usually was, beside the mark and the bounds of today."""
    underlying, quote, paid = (float(market.price(each)) for each in (model.underlying, *coins))
    bound = underlying if model.option_type == "call" else model.strike * quote
    least = max(mark / MOST_GAIN, min(mark / 2.0, LEAST_PREMIUM * underlying / paid))
    return least, max(mark * 2.0, MOST_PREMIUM * bound / paid)


def other_coins(market: Market, paid_in: str, coins: Iterable[str]) -> dict[str, float]:
    """Coin that a price may be in by mistake, in words → how many times too large it is then."""
    unit = float(market.price(paid_in))
    return {f"in {coin}": unit / float(market.price(coin)) for coin in coins if coin != paid_in}
