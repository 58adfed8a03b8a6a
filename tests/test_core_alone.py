"""The core alone: no plugin, no extra, nothing but pytest; all in one file, as a user writes it."""

import numpy as np
import pytest
from attrs import field, frozen

import hedgecore as hc


@frozen(kw_only=True)
class SquareRoot(hc.PairPool):
    """x·y = depth²."""

    kind = "square-root"
    assets: tuple[str, str] = field(converter=tuple)
    depth: float

    def _holdings(self, price):
        return self.depth / np.sqrt(price), self.depth * np.sqrt(price)


@frozen(kw_only=True)
class Perp:
    """One unit of an asset's price move."""

    kind = "tiny-perp"
    name: str
    underlying: str
    contract_size: float = 1.0
    lot: float = 0.0
    min_size: float = 0.0
    fee: float = 0.0

    @property
    def hedges(self):
        return (self.underlying,)

    def worth(self, market):
        return self.exposure(market).value

    def exposure(self, market):
        return hc.Exposure.of(market, 0.0, {self.underlying: self.contract_size})

    def enter(self, market):  # noqa: ARG002
        return self


class Plugin:
    """A plugin is anything with hooks."""

    @staticmethod
    @hc.hookimpl
    def hedgecore_pools():
        return [SquareRoot]

    @staticmethod
    @hc.hookimpl
    def hedgecore_instruments():
        return [Perp]


@frozen
class Entry:
    """What the loader needs of an entry point."""

    name: str = "own"
    dist: object = None

    def load(self):
        return Plugin


TABLES = {
    "numeraire": "USD",
    "prices": {"WETH": 3000.0, "USDC": 1.0},
    "position": [
        {"name": "lp", "kind": "square-root", "assets": ["WETH", "USDC"], "depth": 100.0},
    ],
    "holding": [{"asset": "WETH", "amount": -0.5}],
    "instrument": [{"name": "ETH-PERP", "kind": "tiny-perp", "underlying": "WETH"}],
}


@pytest.fixture(scope="module")
def own():
    registry = hc.load_plugins([Entry()])
    assert not registry.failures
    return registry


def test_a_kind_of_ones_own_is_built_and_hedged(own):
    hedge = hc.Book.from_tables(TABLES, registry=own).hedge()
    delta = 100 / np.sqrt(3000) - 0.5
    assert np.isclose(hedge.quantities["ETH-PERP"], -delta, rtol=1e-14)
    assert abs(hedge.after.delta[0]) <= 1e-15
    assert "ETH-PERP" in str(hedge)
    assert "<table" in hedge._repr_html_()


def test_gamma_that_is_not_written_follows_exactly():
    pool = SquareRoot(assets=("WETH", "USDC"), depth=100.0)
    assert np.isclose(pool.gamma(4.0), -50 / 8, rtol=1e-15)


def test_tables_and_models_are_each_others_inverse(own):
    table = {"kind": "square-root", "assets": ["WETH", "USDC"], "depth": 100.0}
    assert hc.spec_of(hc.build(table, registry=own)) == table


def test_the_default_registry_answers_whatever_is_installed():
    registry = hc.default_registry()
    assert len(registry) == len(list(registry))
    assert "no-such-kind" not in registry
    with pytest.raises(hc.UnknownKindError, match="no plugin provides 'no-such-kind'"):
        hc.build({"kind": "no-such-kind"})
    assert hc.Book.from_tables({"prices": {}}).positions == ()
