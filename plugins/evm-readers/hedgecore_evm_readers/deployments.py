"""Deployments: chain → name → address, from the protocols' own lists.

A name that is not here, or a chain, is given by the user: ``--contract uniswap-v3=0x…``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11"
"""Address on every chain that has one."""


class Chain(NamedTuple):
    """A chain: its own currency, how old a latest block may be (seconds), and what stands there."""

    name: str
    native: str
    max_age: float
    contracts: Mapping[str, str]


UNKNOWN = Chain("a chain that is not known", "ETH", float("inf"), MappingProxyType({}))

VAULT_V2 = "0xBA12222222228d8Ba445958a75a0704d566BF2C8"
VAULT_V3 = "0xbA1333333333a1BA1108E8412f11850A5C319bA9"
CURVE_META_REGISTRY = "0xF98B45FA17DE75FB1aD0e7aFD971b0ca00e379fC"
V3_MANAGER = "0xC36442b4a4522E871399CD717aBDD847Ab11FE88"

NAMES = {
    "uniswap-v3": "NonfungiblePositionManager",
    "uniswap-v4": "PositionManager",
    "balancer-v2": "Vault of Balancer v2",
    "balancer-v3": "Vault of Balancer v3",
    "curve-registry": "MetaRegistry of Curve",
    "wrapped": "the wrapped native currency, WETH9",
    "multicall3": "Multicall3",
}
"""The names that contracts have here, and for ``--contract``."""

CHAINS: Mapping[int, Chain] = MappingProxyType(
    {
        1: Chain(
            "Ethereum",
            "ETH",
            900.0,
            {
                "uniswap-v3": V3_MANAGER,
                "uniswap-v4": "0xbD216513d74C8cf14cf4747E6AaA6420FF64ee9e",
                "balancer-v2": VAULT_V2,
                "balancer-v3": VAULT_V3,
                "curve-registry": CURVE_META_REGISTRY,
                "wrapped": "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
            },
        ),
        10: Chain(
            "OP Mainnet",
            "ETH",
            600.0,
            {
                "uniswap-v3": V3_MANAGER,
                "uniswap-v4": "0x3C3Ea4B57a46241e54610e5f022E5c45859A1017",
                "balancer-v2": VAULT_V2,
                "balancer-v3": VAULT_V3,
                "wrapped": "0x4200000000000000000000000000000000000006",
            },
        ),
        137: Chain(
            "Polygon",
            "POL",
            600.0,
            {
                "uniswap-v3": V3_MANAGER,
                "uniswap-v4": "0x1Ec2eBf4F37E7363FDfe3551602425af0B3ceef9",
                "balancer-v2": VAULT_V2,
                "wrapped": "0x0d500B1d8E8eF31E21C99d1Db9A6444d3ADf1270",
            },
        ),
        8453: Chain(
            "Base",
            "ETH",
            600.0,
            {
                "uniswap-v3": "0x03a520b32C04BF3bEEf7BEb72E919cf822Ed34f1",
                "uniswap-v4": "0x7C5f5A4bBd8fD63184577525326123B519429bDc",
                "balancer-v2": VAULT_V2,
                "balancer-v3": VAULT_V3,
                "wrapped": "0x4200000000000000000000000000000000000006",
            },
        ),
        42161: Chain(
            "Arbitrum One",
            "ETH",
            600.0,
            {
                "uniswap-v3": V3_MANAGER,
                "uniswap-v4": "0xd88F38F930b7952f2DB2432Cb002E7abbF3dD869",
                "balancer-v2": VAULT_V2,
                "balancer-v3": VAULT_V3,
                "wrapped": "0x82aF49447D8a07e3bd95BD0d56f35241523fBab1",
            },
        ),
    }
)


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
