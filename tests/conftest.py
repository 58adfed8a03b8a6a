"""What the core's tests share: a market, pools in closed form, contracts, a command line.

Classes come as fixtures of the same name in lower case; test files import nothing from one another.
What they subclass, or name in their parameters, stands in modules: books.py, curves.py, mutants.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from attrs import field, frozen

import hedgecore as hc
from hedgecore import fields

try:
    from hypothesis import HealthCheck, settings
except ImportError:  # the core alone has no hypothesis, and one file that does without
    pass
else:
    common = {
        "derandomize": True, "deadline": None, "suppress_health_check": [HealthCheck.too_slow],
    }  # fmt: skip
    settings.register_profile("hedgecore", max_examples=25, **common)
    settings.register_profile("campaign", max_examples=300, **common)
    settings.load_profile("hedgecore")


@frozen(kw_only=True)
class Product(hc.PairPool):
    """x·y = L²: holdings (L/√p, L√p), gamma −L/(2p^1.5), from holdings alone."""

    kind = "product"
    example = {"assets": ["WETH", "USDC"], "depth": 10.0}

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    depth: float = fields.number("the square root of x·y", "units")
    price: float | None = fields.number("the pool's own", "quote per base", optional=True)
    fee: float | None = fields.fee()

    def _holdings(self, price):
        root = np.sqrt(price)
        return self.depth / root, self.depth * root

    def _spot(self):
        return self.price


@frozen(kw_only=True)
class Payoff(hc.PayoffPool):
    """The same curve, by its payoff 2L√p alone."""

    kind = "payoff"
    example = {"assets": ["WETH", "USDC"], "depth": 10.0}

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    depth: float = fields.number("the square root of x·y", "units")

    def _value(self, price):
        return 2 * self.depth * np.sqrt(price)


@frozen(kw_only=True)
class Weighted(hc.BasketPool):
    """∏ x_i^w_i = L over n assets, weights summing to 1: x_i = w_i V/p_i, V = L ∏ (p_i/w_i)^w_i."""

    kind = "weighted"
    example = {"assets": ["WBTC", "WETH", "USDC"], "weights": [0.5, 0.25, 0.25], "depth": 3.0}

    assets: tuple[str, ...] = fields.names("the quote last")
    weights: tuple[float, ...] = fields.numbers("of each asset", "fraction of the worth")
    depth: float = fields.number("the weighted geometric mean held", "units")
    own: tuple[float, ...] | None = None

    def _holdings(self, prices):
        weights = np.array(self.weights)[:, None]
        worth = self.depth * np.prod((prices / weights) ** weights, axis=0)
        return weights * worth / prices

    def _spot(self):
        return self.own


@frozen(kw_only=True)
class Contract:
    """A linear contract on one asset, worth nothing on entry, as a plugin would provide it."""

    kind = "contract"
    example = {"name": "X-1", "underlying": "WETH"}

    name: str = fields.name("what the order goes by")
    underlying: str = fields.name("whose price it follows")
    contract_size: float = fields.number("of one contract", "units", default=1.0)
    lot: float = fields.number("step", "contracts", fields.NONNEGATIVE, default=0)
    min_size: float = fields.number("fewest", "contracts", fields.NONNEGATIVE, default=0)
    fee: float | None = fields.number(
        "taker fee", "fraction", fields.FRACTION, default=0, optional=True
    )

    @property
    def hedges(self):
        return (self.underlying,)

    def worth(self, market):
        return self.exposure(market).value

    def exposure(self, market):
        return hc.Exposure.of(market, 0.0, {self.underlying: self.contract_size})


@frozen(kw_only=True, eq=False)
class Stake:
    """Anything at all, as target or instrument: it is no more than the numbers it is given."""

    delta: Mapping[str, Any]
    gamma: Mapping[tuple[str, str], Any] = field(factory=dict)
    value: Any = 0.0
    other: Mapping[str, Any] = field(factory=dict)
    name: str = "stake"
    hedges: tuple[str, ...] = ()
    contract_size: float = 1.0
    lot: float = 0.0
    min_size: float = 0.0
    fee: float | None = 0.0

    def worth(self, market):
        return self.exposure(market).value

    def exposure(self, market):
        return hc.Exposure.of(market, self.value, self.delta, self.gamma, self.other)


@frozen
class Entry:
    """An entry point that is not installed: `given` is the plugin, or what its import raises."""

    name: str
    given: Any
    distribution: str = "a-distribution"

    @property
    def dist(self):
        return SimpleNamespace(name=self.distribution, version="1.2.3")

    def load(self):
        if isinstance(self.given, BaseException):
            raise self.given
        return self.given


def plugin_of(**hooks):
    """Return a plugin whose hooks return what is given: ``plugin(pools=[Product])``."""
    module = ModuleType("a_plugin")
    for name, given in hooks.items():
        setattr(module, f"hedgecore_{name}", hc.hookimpl(_returning(given)))
    return module


def _returning(given):
    return lambda: given


@pytest.fixture(scope="session", autouse=True)
def _nothing_kept():
    """Have no test try plugins in other processes, and write to a user's cache, unless it says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEDGECORE_CACHE", "off")
        yield


@pytest.fixture(scope="session")
def product():
    return Product


@pytest.fixture(scope="session")
def payoff():
    return Payoff


@pytest.fixture(scope="session")
def weighted():
    return Weighted


@pytest.fixture(scope="session")
def contract():
    return Contract


@pytest.fixture(scope="session")
def stake():
    return Stake


@pytest.fixture(scope="session")
def tool():
    """Make an instrument that hedges what it moves with: ``tool("ETH-PERP", WETH=1.0)``."""

    def made(name, **delta):
        return Stake(name=name, delta=delta, hedges=tuple(delta))

    return made


@pytest.fixture(scope="session")
def entry():
    return Entry


@pytest.fixture(scope="session")
def plugin():
    return plugin_of


@pytest.fixture(scope="session")
def market():
    """Three assets at mixed magnitudes, in a numeraire that is none of them."""
    return hc.Market(prices={"WBTC": 60000.0, "WETH": 3000.0, "USDC": 0.999}, numeraire="USD")


@pytest.fixture(scope="session")
def registry():
    """All classes of this file, loaded from entry points that are not installed."""
    given = plugin_of(pools=[Product, Payoff, Weighted], instruments=[Contract])
    return hc.load_plugins([Entry("tests", given)])


@pytest.fixture(scope="session")
def call():
    """Run a command line, ``call("hedge", book)``, and return all that came of it."""
    pytest.importorskip("rich")
    runner = pytest.importorskip("typer.testing").CliRunner()
    program = import_module("hedgecore.cli.app").program()

    def called(*words):
        return runner.invoke(program, [str(word) for word in words])

    return called


@pytest.fixture(scope="session")
def output(call):
    """Run a command line that ends well, and return what it printed."""

    def printed(*words):
        done = call(*words)
        assert done.exit_code == 0, done.output
        return done.stdout

    return printed


@pytest.fixture(scope="session")
def document(output):
    """Run a command line with ``--json``, and return what it says."""

    def said(*words):
        return json.loads(output(*words, "--json"), parse_constant=pytest.fail)

    return said
