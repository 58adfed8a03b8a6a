"""Packages of forks of Uniswap v3, pinned by hash as all others, and fetched where they are met."""

from __future__ import annotations

from chain.packages import Package

CONTRACTS = "artifacts/contracts"
PANCAKE_CORE = Package(
    "@pancakeswap/v3-core",
    "1.0.2",
    "sha512-9aZU8I1J6SbZOSW7NcNxuyaAC17tGkOaZJM9aJgvl6MMUOExpq0i0EC/jc3HxWbpC8sbZL+8eG544NEJs8CS+w==",
    (
        f"{CONTRACTS}/PancakeV3Factory.sol/PancakeV3Factory.json",
        f"{CONTRACTS}/PancakeV3Pool.sol/PancakeV3Pool.json",
    ),
)
PANCAKE_FARM = Package(
    "@pancakeswap/masterchef-v3",
    "1.0.0",
    "sha512-AE7KF1qHzCNVYqJ7Gkz/HvtyAZVLNlZzjvXpBIxIxYBT2nvR9b+P1Wr/nCcVCAJHQ+2cSSfjS7iEW44FqH7jmg==",
    (f"{CONTRACTS}/MasterChefV3.sol/MasterChefV3.json",),
)


def algebra_core(name: str, version: str, integrity: str) -> Package:
    """A factory, its pools, and what deploys those."""
    kept = ("AlgebraFactory", "AlgebraPool", "AlgebraPoolDeployer")
    return algebra(name, version, integrity, kept)


def algebra_periphery(name: str, version: str, integrity: str) -> Package:
    """The manager of positions and the router."""
    return algebra(name, version, integrity, ("NonfungiblePositionManager", "SwapRouter"))


def algebra(name: str, version: str, integrity: str, kept: tuple[str, ...]) -> Package:
    """A package of Algebra's, whose every version has its contracts in the same files."""
    files = tuple(f"{CONTRACTS}/{each}.sol/{each}.json" for each in kept)
    return Package(f"@cryptoalgebra/{name}", version, integrity, files)


ALGEBRA_CORE = algebra_core(
    "core",
    "2.0.0",
    "sha512-0IYRzqxtMpA2ZuxRCe6r/gK+3I94AQ8Sg/57QtFGkTCls4JewtMW4HlnIIgz1xRvjb5mUWVK+hHG/vXMdcz8gw==",
)
ALGEBRA_PERIPHERY = algebra_periphery(
    "periphery",
    "1.0.0",
    "sha512-iU2bzVIIcdkgfKccRnLnlNYOGy46wOK622ZBQGd3KQJ8RwV2xvIIGLtZvd7dSZSL9+dLhh2fqgb0mb8k8Rv3Mw==",
)
ALGEBRA_2_CORE = algebra_core(
    "core",
    "3.0.0",
    "sha512-yTWD8yYHlnSQ22BIH15fCb1OfAUMKseykQvr3Y3CGuy5akqzjjTHn4C7FGfiQJkTxrUxzrXhBqjaisNj9QzAEg==",
)
ALGEBRA_2_PERIPHERY = algebra_periphery(
    "periphery",
    "2.0.1",
    "sha512-Ipa2pAk6uuCh9eUb7qViMs5qTfZ8VKNXtDIbUSUTf1fdxzEyflEIVF65wBCGwJjAG+6xg5evzOZLV1tygSeO9A==",
)
INTEGRAL_CORE = algebra_core(
    "integral-core",
    "1.2.10",
    "sha512-L6A09tSmcsmZZEwLG3W5ve1RzPManARHiDdkbLq8F7mQa+C6hegq+w1FICHNFKNtkfo+eChZF97Du6SVfJkeUQ==",
)
INTEGRAL_PERIPHERY = algebra_periphery(
    "integral-periphery",
    "1.2.4",
    "sha512-gaVKaZ7EWMkbzS6z7tzTB3C2r9vdupfGbAscWNEXB57A47b3uWo7hElfsxg/gfb0FmBFpfaamqVW+Q8FHZatLg==",
)
INTEGRAL_1_CORE = algebra_core(
    "integral-core",
    "1.0.0",
    "sha512-1cUooKmmeNDdubiTcosXQ0vQ7qszgBiFxkJFue4rqSzNQs47wrCHnyA0tC86D+mOQFssZ1DDaK7ghNFb5+OPzA==",
)
INTEGRAL_1_PERIPHERY = algebra_periphery(
    "integral-periphery",
    "1.0.0",
    "sha512-nYez6ISd2/MGKK2FMKH6RCBNjtX6naVjk1PCs90amcyheb4ngkK0QdYa/+feC0aXxTK/iSjww7ZjgqBhbX9/6g==",
)
PARASWAP = Package(  # MIT; it has the ABI of v1.9's pools, whose bytecode is in no package
    "@paraswap/dex-lib",
    "5.0.6",
    "sha512-m1WiNAtB1e+miR3T64ZHjpFh0h1mLYVd7QdSr5PQR6+opim87gxIwgxQkNOasGvJp99m79cn/TT82FYnXIVSgA==",
    ("build/abi/algebra/AlgebraPool-v1_9.abi.json",),
)
PINNED = (
    PANCAKE_CORE,
    PANCAKE_FARM,
    ALGEBRA_CORE,
    ALGEBRA_PERIPHERY,
    ALGEBRA_2_CORE,
    ALGEBRA_2_PERIPHERY,
    INTEGRAL_CORE,
    INTEGRAL_PERIPHERY,
    INTEGRAL_1_CORE,
    INTEGRAL_1_PERIPHERY,
)
