"""A node and the protocols' own bytecode, from npm: pinned by hash, cached outside of the tree.

Nothing of it may be vendored: Uniswap's cores are BUSL, Balancer and the peripheries GPL.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

PATIENCE = 600.0
"""Seconds for npm, which on a slow line has some 80 MB to bring."""


class UnavailableError(Exception):
    """Why there is no chain here."""


class Package(NamedTuple):
    """One package of the registry, its integrity as npm prints it, and what is kept of it.

    What is kept are files, and folders with all that is in them: those end with a slash.
    """

    name: str
    version: str
    integrity: str
    kept: tuple[str, ...]

    @property
    def folder(self) -> Path:
        stem = self.name.removeprefix("@").replace("/", "-")
        print_of_it = hashlib.sha256("\n".join((self.integrity, *self.kept)).encode())
        return cache_folder() / f"{stem}-{self.version}-{print_of_it.hexdigest()[:12]}"


ANVIL = Package(
    "@foundry-rs/anvil-linux-amd64",
    "1.7.1",
    "sha512-+XmShybEaxfCrr0OUUZwYEy2OnYZt5pHH9TzBtLv3+VrK0O/ANuNSVEahqNhKHlgX7GRJ59383ofNhxkRWIYTg==",
    ("bin/anvil",),
)
V2_CORE = Package(
    "@uniswap/v2-core",
    "1.0.1",
    "sha512-MtybtkUPSyysqLY2U210NBDeCHX+ltHt3oADGdjqoThZaFRDKwM6k1Nb3F0A3hk5hwuQvytFWhrWHOEq6nVJ8Q==",
    ("build/UniswapV2Factory.json", "build/UniswapV2Pair.json"),
)
V2_PERIPHERY = Package(
    "@uniswap/v2-periphery",
    "1.1.0-beta.0",
    "sha512-6dkwAMKza8nzqYiXEr2D86dgW3TTavUvCR0w2Tu33bAbM8Ah43LKAzH7oKKPRT5VJQaMi1jtkGs1E8JPor1n5g==",
    ("build/UniswapV2Router02.json", "build/WETH9.json"),
)
V3_CORE = Package(
    "@uniswap/v3-core",
    "1.0.1",
    "sha512-7pVk4hEm00j9tc71Y9+ssYpO6ytkeI0y7WE9P6UcmNzhxPePwyAxImuhVsTqWK9YFvzgtvzJHi64pBl4jUzKMQ==",
    (
        "artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json",
        "artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json",
    ),
)
V3_PERIPHERY = Package(
    "@uniswap/v3-periphery",
    "1.4.4",
    "sha512-S4+m+wh8HbWSO3DKk4LwUCPZJTpCugIsHrWR86m/OrUyvSqGDTXKFfc2sMuGXCZrD1ZqO3rhQsKgdWg3Hbb2Kw==",
    (
        "artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
        "artifacts/contracts/SwapRouter.sol/SwapRouter.json",
        "artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json",
    ),
)
V4_CORE = Package(
    "@uniswap/v4-core",
    "1.0.2",
    "sha512-X15Tm2wWd+USAzEExMbo+g9naA6QN6mPgWm0MzDwRNlOfaNlepfUpSyt9RSrUfEODspwbyWbcLg6t5nwc/e7lg==",
    (
        "out/PoolManager.sol/PoolManager.json",
        "out/PoolSwapTest.sol/PoolSwapTest.json",
        "out/mocks/MockERC20.sol/MockERC20.json",
    ),
)
V4_PERIPHERY = Package(
    "@uniswap/v4-periphery",
    "1.0.3",
    "sha512-JxLL0Djv9XcMvI2PatEnWrCrxuEaYNVhHxstndBOP+aJfh1XLg5ec8SDZ0xyoVfg2ElJTvuKpBgnu90bNValsg==",
    (
        "foundry-out/PositionManager.sol/PositionManager.json",
        "foundry-out/StateView.sol/StateView.json",
        "lib/permit2/test/utils/DeployPermit2.sol",
    ),
)
TASKS = "dist/tasks"
BALANCER = Package(
    "@balancer-labs/v2-deployments",
    "3.2.0",
    "sha512-pghD7qyTVp1832d7F7yHgAeh/EZvS2/GLvUx9ieM671NMh1KTprYZOBCpEVVC9JnE1Vpru5rc9DDNlFw3capVw==",
    (
        f"{TASKS}/20210418-authorizer/artifact/Authorizer.json",
        f"{TASKS}/20210418-vault/artifact/Vault.json",
        f"{TASKS}/20220721-balancer-queries/artifact/BalancerQueries.json",
        f"{TASKS}/20220725-protocol-fee-percentages-provider/artifact/ProtocolFeePercentagesProvider.json",
        f"{TASKS}/20230206-weighted-pool-v3/artifact/WeightedPoolFactory.json",
        f"{TASKS}/20230206-weighted-pool-v3/artifact/WeightedPool.json",
        f"{TASKS}/20230206-composable-stable-pool-v3/artifact/ComposableStablePoolFactory.json",
        f"{TASKS}/20230206-composable-stable-pool-v3/artifact/ComposableStablePool.json",
        f"{TASKS}/deprecated/20210418-weighted-pool/artifact/WeightedPoolFactory.json",
        f"{TASKS}/deprecated/20210418-weighted-pool/abi/WeightedPool.json",
        f"{TASKS}/deprecated/20210624-stable-pool/artifact/StablePoolFactory.json",
        f"{TASKS}/deprecated/20210624-stable-pool/abi/StablePool.json",
    ),
)
VIEM = Package(  # MIT; it carries Multicall3's creation code as a string
    "viem",
    "2.57.4",
    "sha512-ro+8AKrcGU6tPfou0gBRYv6bxnU3tPxxJGY4qpJwjiR40eHCWzeGhrAgYMlIncFtlnry2/yGjz57WOC67oshCQ==",
    ("_cjs/constants/contracts.js",),
)
PINNED = (
    ANVIL,
    V2_CORE,
    V2_PERIPHERY,
    V3_CORE,
    V3_PERIPHERY,
    V4_CORE,
    V4_PERIPHERY,
    BALANCER,
    VIEM,
)


def cache_folder() -> Path:
    """Return where packages are kept: the user's cache, shared by all checkouts."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "hedgecore-chain"


def fetch(pinned: Sequence[Package] = PINNED) -> None:
    """Bring whatever of some packages is not in the cache yet, in one call of npm."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise UnavailableError("the node that is pinned is for Linux on x86-64")
    missing = [package for package in pinned if not package.folder.is_dir()]
    if not missing:
        return
    cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_folder(), prefix=".fetch-") as folder:
        for package, archive in zip(missing, _pack(missing, Path(folder)), strict=True):
            _keep(package, archive, Path(folder) / package.folder.name)


@cache
def artifact(package: Package, file: str) -> object:
    """Return what a JSON file of a package holds; `file` is the end of a kept path."""
    return json.loads(text(package, file))


def text(package: Package, file: str) -> str:
    """Return a kept file, found by the end of its path."""
    (path,) = [kept for kept in package.kept if kept.endswith(file)]
    return (package.folder / path).read_text("utf-8")


def _pack(packages: list[Package], folder: Path) -> list[Path]:
    npm = shutil.which("npm")
    if npm is None:
        raise UnavailableError("the chain's bytecode comes from npm, which is not installed")
    wanted = [f"{package.name}@{package.version}" for package in packages]
    command = [npm, "pack", "--json", "--pack-destination", str(folder), *wanted]
    try:
        done = subprocess.run(  # noqa: S603  our own words, and npm as the user has it
            command, cwd=folder, capture_output=True, encoding="utf-8", check=True, timeout=PATIENCE
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        raise UnavailableError(
            f"npm did not bring the chain's bytecode: {' '.join(said)}"
        ) from error
    files = {(each["name"], each["version"]): each["filename"] for each in json.loads(done.stdout)}
    return [folder / files[package.name, package.version] for package in packages]


def _keep(package: Package, archive: Path, unpacked: Path) -> None:
    """Check an archive against its pin, and put what is kept of it in place, all or nothing."""
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise AssertionError(f"{package.name}@{package.version} is not what was pinned: {digest}")
    with tarfile.open(archive) as tar:
        found = {
            path: [its for its in tar if _is_of(its.name.removeprefix("package/"), path)]
            for path in package.kept
        }
        tar.extractall(unpacked, chain.from_iterable(found.values()), filter="data")
    assert all(found.values()), f"{package.name} lacks a file: {sorted(package.kept)}"
    try:
        (unpacked / "package").rename(package.folder)
    except OSError:  # another process was first: a folder in the cache is always whole
        assert package.folder.is_dir()


def _is_of(name: str, path: str) -> bool:
    return name.startswith(path) if path.endswith("/") else name == path
