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
    """A chain: its own currency, how old a latest block may be (seconds), and what stands there."""

    name: str
    native: str
    max_age: float
    contracts: Mapping[str, str]
    source: str = ""


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
    return Chain(row["name"], row["native"], float(row["max_age"]), contracts, row["source"])


@cache
def _data() -> Mapping[str, Any]:
    text = files("hedgecore_evm_readers").joinpath("chains.toml").read_text("utf-8")
    return tomllib.loads(text)


class V2Terms(NamedTuple):
    """Terms of a v2 factory's pairs: swap fee, and the protocol's part of the growth of √k."""

    fee: float
    protocol: Fraction


UNISWAP_V2 = V2Terms(0.003, Fraction(1, 6))
PANCAKE_V2 = V2Terms(0.0025, Fraction(8, 25))

V2_FACTORIES: Mapping[str, V2Terms] = MappingProxyType(
    {
        "0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f": UNISWAP_V2,  # Uniswap, Ethereum
        "0x8909Dc15e40173Ff4699343b6eB8132c65e18eC6": UNISWAP_V2,  # Uniswap, Base
        "0xf1D7CC64Fb4452F05c498126312eBE29f30Fbcf9": UNISWAP_V2,  # Uniswap, Arbitrum One
        "0x0c3c1c532F1e39EdF36BE9Fe0bE1410313E074Bf": UNISWAP_V2,  # Uniswap, OP Mainnet
        "0x9e5A52f57b3038F1B8EeE45F28b3C1967e22799C": UNISWAP_V2,  # Uniswap, Polygon
        "0xC0AEe478e3658e2610c5F7A4A2E1777cE9e4f2Ac": UNISWAP_V2,  # SushiSwap, Ethereum
        "0xc35DADB65012eC5796536bD9864eD8773aBc74C4": UNISWAP_V2,  # SushiSwap, Arbitrum, Polygon
        "0x1097053Fd2ea711dad45caCcc45EfF7548fCB362": PANCAKE_V2,  # PancakeSwap, Ethereum
        "0x02a84c1b3BBD7401a5f7fa98a384EBC70bB5749E": PANCAKE_V2,  # PancakeSwap, Base, Arbitrum
    }
)
"""Factory → terms; a fork that is not here has an unknown fee."""
