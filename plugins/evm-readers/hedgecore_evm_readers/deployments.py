"""Deployments: chain → what stands there, from the data file ``chains.toml``.

A fork of a known family is one row of that file. What is not in it is given by the user:
``--contract uniswap-v3=0x…``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple

MORE = "#"
"""Stands before the number of a further manager that is given under one name."""
MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11"
"""Address on every chain that has one, unless the data file says another."""


class Deployment(NamedTuple):
    """A position manager of a family on a chain, and where its addresses are from."""

    chain: int
    name: str
    family: str
    manager: str
    source: str
    factory: str | None = None


class Chain(NamedTuple):
    """A chain that is known.

    Attributes:
        name: what people call it.
        native: symbol of its own currency.
        max_age: how old a latest block may be, seconds.
        contracts: what stands there, by the names of ``--contract``.
        source: where that is from.
        twin: the ERC-20 whose balances are those of the native currency itself, which are not to be
            counted twice.
        native_balance: whether an account has a balance of the native currency; where not, the node
            answers with a placeholder.

    """

    name: str
    native: str
    max_age: float
    contracts: Mapping[str, str]
    source: str = ""
    twin: str | None = None
    native_balance: bool = True


UNKNOWN = Chain("a chain that is not known", "ETH", float("inf"), MappingProxyType({}))

FAMILIES = {
    "uniswap-v3": "NonfungiblePositionManager of Uniswap v3, or of a fork with its layout",
    "slipstream": "NonfungiblePositionManager of Slipstream",
    "algebra-v1": "NonfungiblePositionManager of Algebra v1",
    "algebra-integral": "NonfungiblePositionManager of Algebra Integral",
    "pancake-infinity-cl": "CLPositionManager of PancakeSwap Infinity",
    "pancake-infinity-bins": "BinPositionManager of PancakeSwap Infinity",
}
"""Families of ranges and bins → what their contract is."""
OTHERS = {
    "uniswap-v4": "PositionManager",
    "balancer-v2": "Vault of Balancer v2",
    "balancer-v3": "Vault of Balancer v3",
    "curve-registry": "MetaRegistry of Curve",
    "masterchef-v3": "MasterChefV3 of PancakeSwap, where positions of v3 are farmed",
    "crv": "CRV, in which gauges of Curve's owe",
    "bal": "BAL, in which gauges of Balancer's owe",
    "wrapped": "the wrapped native currency, WETH9",
    "multicall3": "Multicall3",
}


def names() -> dict[str, str]:
    """Names that contracts have here, and for ``--contract`` → what each is."""
    forks = {each.name: FAMILIES[each.family] for each in deployments()}
    return {**FAMILIES, **forks, **OTHERS}


def family_of(text: str) -> str | None:
    """Family of the managers that a name of a contract stands for; None where it is another's."""
    name = text.partition(MORE)[0]
    if name in FAMILIES:
        return name
    return next((each.family for each in deployments() if each.name == name), None)


@cache
def deployments() -> tuple[Deployment, ...]:
    """All rows of the data file's deployments."""
    return tuple(Deployment(**row) for row in _data()["deployment"])


def deployment_at(chain: int, manager: str) -> Deployment | None:
    """Deployment whose position manager stands at an address of a chain."""
    return next((e for e in deployments() if (e.chain, e.manager) == (chain, manager)), None)


def deployment_of(chain: int, factory: str) -> Deployment | None:
    """Deployment whose pools are of a factory on a chain."""
    return next((e for e in deployments() if (e.chain, e.factory) == (chain, factory)), None)


@cache
def chains() -> Mapping[int, Chain]:
    """Chain id → chain."""
    managers: dict[int, dict[str, str]] = {}
    for each in deployments():
        managers.setdefault(each.chain, {})[each.name] = each.manager
    return MappingProxyType({row["id"]: _chain(row, managers) for row in _data()["chain"]})


def _chain(row: Mapping[str, Any], managers: Mapping[int, Mapping[str, str]]) -> Chain:
    listed = {name: row[name] for name in OTHERS if name in row}
    contracts = MappingProxyType({**managers.get(row["id"], {}), **listed})
    own = {key: row[key] for key in ("name", "native", "source")}
    more = {key: row[key] for key in ("twin", "native_balance") if key in row}
    return Chain(max_age=float(row["max_age"]), contracts=contracts, **own, **more)


@cache
def _data() -> Mapping[str, Any]:
    text = files("hedgecore_evm_readers").joinpath("chains.toml").read_text("utf-8")
    return tomllib.loads(text)


class PairFactory(NamedTuple):
    """A factory of pairs in Uniswap v2's layout, and its terms.

    Attributes:
        name: what people call it.
        chains: where it stands.
        factory: its address.
        fee: of a swap, a fraction.
        protocol: the protocol's part of the growth of √k, where that is switched on.
        source: where that is from.

    """

    name: str
    chains: tuple[int, ...]
    factory: str
    fee: float
    protocol: Fraction
    source: str


UNISWAP_V2_PART = Fraction(1, 6)
"""Protocol's part of the growth in a fork that is not known."""


@cache
def pair_factories() -> Mapping[str, PairFactory]:
    """Factory → its row; a fork that is not here has an unknown fee."""
    rows = (
        PairFactory(**row | {"chains": tuple(row["chains"]), "protocol": Fraction(row["protocol"])})
        for row in _data()["pair_factory"]
    )
    return MappingProxyType({each.factory: each for each in rows})
