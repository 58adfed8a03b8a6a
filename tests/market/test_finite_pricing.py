"""Whatever its numbers and prices, an instrument called by itself answers finitely, or says why."""

import re
import warnings

import attrs
import numpy as np
import pytest

import hedgecore as hc
from hedgecore.market.finite import PRICING, FinitePricing

REGISTRY = hc.default_registry()
KINDS = REGISTRY.kinds("hedgecore_instruments")
SIZES = (1e200, 1e-200, -1e308)
PRICES = (3000.0, 1e200, 1e-200, np.array([1e-300, 1.0, 1e300]))
PLACE = r"(\w+(\.\w+)?|the price of \w+|the amount)[\]\w.\[]* is -?\d"


def tables(kind):
    """Yield the example, and it with one number after the other of an absurd size."""
    example = {"kind": kind, **REGISTRY[kind].example}
    yield example
    names = [each.name for each in attrs.fields(REGISTRY[kind])]
    for name in names:
        if not isinstance(example.get(name), str | list | tuple | bool):
            yield from ({**example, name: size} for size in SIZES)


def built(table):
    try:
        return hc.build(table)
    except hc.HedgecoreError:
        return None


def market_of(instrument, price):
    """A market of all assets that an instrument names; that of what it hedges has the price."""
    named = {name for name in attrs.asdict(instrument).values() if isinstance(name, str)}
    prices = dict.fromkeys(named | {"USDC", "USDT"}, 1.0) | dict.fromkeys(instrument.hedges, price)
    return hc.Market(prices=prices, numeraire="USD", vols=dict.fromkeys(prices, 0.8), time=0.0)


def numbers(answer):
    """What an answer holds: an exposure also what is read of it, in cash."""
    if isinstance(answer, hc.Exposure):
        cash = (answer.delta_cash, answer.gamma_cash)
        return [answer.value, answer.delta, answer.gamma, *cash, *answer.other.values()]
    return [answer] if isinstance(answer, np.ndarray | float) else []


def endless(numbers):
    return ~np.isfinite(numbers)


@pytest.mark.parametrize("kind", KINDS)
def test_an_instrument_called_by_itself_is_finite_or_refused_with_the_place(kind):
    answered, refused = 0, []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for instrument in filter(None, map(built, tables(kind))):
            for price in PRICES:
                market = market_of(instrument, price)
                for name in {*PRICING} & {*dir(instrument)}:
                    rest = (2.0,) if name == "margin" else ()
                    try:
                        answer = getattr(instrument, name)(market, *rest)
                    except hc.HedgecoreError as error:
                        refused.append(str(error))
                    else:
                        answered += 1
                        wrong = np.isnan if name == "margin" else endless
                        assert not any(wrong(each).any() for each in numbers(answer)), name
    assert answered > 10
    assert any(re.search(f"{PLACE}.*, and 1e\\+100 is the most", text) for text in refused), refused


class Priced(FinitePricing):
    """An instrument of whichever fault."""

    size = 1e200

    def worth(self, market):
        return market.price("A") * self.size**2

    def notional(self, market):
        return np.log(market.price("A") * 0.0)

    def carry(self, market):
        return market.price("A") / 0.0 if market.shape else None


class Better(Priced):
    """One of its own formulas, the others as they were."""

    def worth(self, market):
        return 2.0 * market.price("A")


MARKET = hc.Market(prices={"A": np.array([1.0, 1e150])})


@pytest.mark.parametrize("name", ["worth", "notional", "carry"])
def test_an_overflow_of_python_or_numpy_is_a_refusal(name):
    with pytest.raises(hc.SpecError, match="and 1e\\+100 is the most that is computed with"):
        getattr(Priced(), name)(MARKET)


def test_what_is_unknown_stays_so_and_a_method_is_wrapped_once():
    assert Priced().carry(hc.Market(prices={"A": 1.0})) is None
    assert Better().worth(MARKET).tolist() == [2.0, 2e150]
    assert "__wrapped__" not in vars(Better.worth.__wrapped__)
    assert Better.notional is Priced.notional


POOLS = REGISTRY.kinds("hedgecore_pools")


@pytest.mark.parametrize("kind", POOLS)
def test_so_does_a_pool_in_a_market_and_its_gamma_alone_may_be_endless(kind):
    pool = hc.build({"kind": kind, **REGISTRY[kind].example})
    answered = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for price in PRICES:
            prices = dict.fromkeys(pool.assets, 1.0) | {pool.assets[0]: price}
            market = hc.Market(prices=prices, numeraire="USD", time=0.0)
            try:
                worth, seen = pool.worth(market), pool.exposure(market)
            except hc.HedgecoreError:
                continue
            answered += 1
            for numbers in (worth, seen.value, seen.delta, seen.delta_cash):
                assert np.isfinite(numbers).all()
            assert not np.isnan(seen.gamma_cash).any()
    assert answered >= 1
