"""A formula that panics, as compiled extensions do, is an error of its position, by its name."""

from itertools import repeat
from traceback import format_exception

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc

MARKET = hc.Market(prices={"WETH": 2000.0, "USDC": 1.0}, numeraire="USD")


class PanicException(BaseException):
    """What pyo3 raises: no Exception."""


@frozen(kw_only=True)
class Panicking(hc.PairPool):
    """A pool whose formula panics above a price."""

    kind = "panicking"
    assets: tuple[str, str] = ("WETH", "USDC")
    above: float = 1000.0

    def _holdings(self, price):
        if np.any(price > self.above):
            raise PanicException("index out of bounds")
        return 1.0 / price, price


def portfolio():
    return hc.Portfolio([("coins", hc.Balance("WETH"), 1.0), ("mine", Panicking(), 2.0)])


@pytest.mark.parametrize("ask", [hc.Portfolio.worth, hc.Portfolio.exposure])
def test_a_portfolio_names_the_part_that_panics(ask):
    with pytest.raises(
        hc.PluginError, match=r"mine: .*PanicException: index out of bounds"
    ) as told:
        ask(portfolio(), MARKET)
    assert "PanicException: index" in "".join(format_exception(told.value))


@pytest.mark.parametrize("error", [PanicException("no more"), SystemExit(0), GeneratorExit()])
def test_a_pool_whose_formula_would_end_the_process_is_an_error_of_its_kind(monkeypatch, error):
    """Exit code 0 with nothing written: whoever calls the command would think that all is well."""

    def ending(*_):
        raise error

    monkeypatch.setattr(Panicking, "_holdings", ending)
    name = type(error).__name__
    for ask in (lambda: Panicking().value(500.0), lambda: Panicking().exposure(MARKET)):
        with pytest.raises(hc.PluginError, match=f"^panicking: .*broke off with {name}"):
            ask()
    with pytest.raises(hc.PluginError, match=f"^mine: panicking: .*{name}"):
        portfolio().worth(MARKET)


def test_a_wish_to_stop_stays_one(monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Panicking, "_holdings", stopped)
    with pytest.raises(KeyboardInterrupt):
        portfolio().worth(MARKET)


@pytest.mark.parametrize("table", ["position", "instrument"])
def test_a_book_names_the_row_that_panics(table):
    registry = hc.default_registry().plus(pools=[Panicking])
    rows = {
        "prices": {"WETH": 2000.0, "USDC": 1.0},
        "numeraire": "USD",
        table: [{"name": "mine", "kind": "panicking"}],
    }
    with pytest.raises(hc.PluginError, match=f"{table} 'mine': .*index out of bounds"):
        hc.Book.from_tables(rows, registry=registry)


@pytest.mark.parametrize("name", ["breakpoints", "atoms"])
def test_a_list_that_does_not_end_is_an_error_of_its_kind(monkeypatch, name):
    monkeypatch.setattr(Panicking, f"_{name}", lambda _: repeat((1.0, 1.0)), raising=True)
    with pytest.raises(hc.PluginError, match=r"panicking: .* do not end: 2097152 are the most"):
        getattr(Panicking(), name)()


def test_a_list_that_breaks_off_is_an_error_of_its_kind(monkeypatch):
    def listed(_):
        yield 1.0
        raise PanicException("at the second")

    monkeypatch.setattr(Panicking, "_breakpoints", listed)
    with pytest.raises(hc.PluginError, match=r"panicking: .*PanicException: at the second"):
        Panicking().breakpoints()
