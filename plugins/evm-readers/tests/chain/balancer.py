"""Balancer v2: the vault, weighted pools, composable and legacy stable pools."""

from __future__ import annotations

from typing import NamedTuple

from eth_abi import encode
from eth_utils import to_checksum_address

from chain import packages
from chain.contracts import OWNER, ZERO, Artifact, Contract, function
from chain.rpc import Rpc
from chain.tokens import PLENTY, endow

FOREVER = 2**255
DAY = 86400
FIRST = ("first", "stable")
"""Pools of the first generation."""
GIVEN_IN = 0
LEAVE_WITH_ALL = {"weighted": 1, "first": 1, "stable": 1, "composable": 2}
"""The word by which each sort of pool calls an exit in proportion."""


class Balancer(NamedTuple):
    """The vault and its factories."""

    rpc: Rpc
    authorizer: Contract
    vault: Contract
    queries: Contract
    factories: dict[str, Contract]

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> Balancer:
        authorizer = _artifact("/Authorizer").deploy(rpc, OWNER)
        vault = _artifact("/Vault").deploy(
            rpc, authorizer.address, weth.address, 90 * DAY, 30 * DAY
        )
        queries = _artifact("BalancerQueries").deploy(rpc, vault.address)
        fees = _artifact("ProtocolFeePercentagesProvider")
        provider = fees.deploy(rpc, vault.address, 10**18, 10**18)
        given = vault.address, provider.address, "", ""
        factories = {
            "weighted": _artifact("v3/artifact/WeightedPoolFactory").deploy(rpc, *given),
            "composable": _artifact("ComposableStablePoolFactory").deploy(rpc, *given),
            "first": _artifact("20210418-weighted-pool/artifact/WeightedPoolFactory").deploy(
                rpc, vault.address
            ),
            "stable": _artifact("/StablePoolFactory").deploy(rpc, vault.address),
        }
        return cls(rpc, authorizer, vault, queries, factories)

    def charge(self, swap_fee: int) -> None:
        """Give the protocol a share of the swap fees, in 1e-18, of pools created from now on."""
        abi = [
            function("getActionId(bytes4)", "bytes32"),
            function("setSwapFeePercentage(uint256)"),
        ]
        collector = Contract(self.rpc, self.vault.call("getProtocolFeesCollector"), abi)
        selector = bytes.fromhex(collector.encoded("setSwapFeePercentage", 0)[2:10])
        self.authorizer.send("grantRole", collector.call("getActionId", selector), OWNER)
        collector.send("setSwapFeePercentage", swap_fee)

    def pause(self, pool: Pool) -> None:
        """Stop a pool, as its guardians may in its first months."""
        selector = bytes.fromhex(pool.contract.encoded("pause")[2:])
        self.authorizer.send("grantRole", pool.contract.call("getActionId", selector), OWNER)
        pool.contract.send("pause")

    def weighted(self, tokens, weights: list[int], balances: list[int], fee: int = 10**12) -> Pool:
        """Create a weighted pool and fund it; weights and the fee are in 1e-18."""
        given = [token.address for token in tokens], weights, [ZERO] * len(tokens), fee, OWNER
        return self._pool("weighted", "v3/artifact/WeightedPool", tokens, given, balances)

    def first(self, tokens, weights: list[int], balances: list[int], fee: int = 10**12) -> Pool:
        """Create a weighted pool of the first generation, which pays the protocol in tokens."""
        given = [token.address for token in tokens], weights, fee, OWNER
        return self._pool("first", "weighted-pool/abi/WeightedPool", tokens, given, balances)

    def stable(self, tokens, amp: int, balances: list[int], fee: int = 10**12) -> Pool:
        """Create a stable pool of the first generation, which reverts far from its peg."""
        given = [token.address for token in tokens], amp, fee, OWNER
        return self._pool("stable", "abi/StablePool", tokens, given, balances)

    def composable(
        self, tokens, amp: int, balances: list[int], fee: int = 10**12, rates: tuple[str, ...] = ()
    ) -> Pool:
        """Create a composable stable pool, its shares being one of its tokens."""
        count = len(tokens)
        asked = list(rates) or [ZERO] * count
        given = (
            [token.address for token in tokens],
            amp,
            asked,
            [7 * DAY if rate != ZERO else 0 for rate in asked],
            [False] * count,
            fee,
            OWNER,
        )
        return self._pool("composable", "/ComposableStablePool", tokens, given, balances)

    def _pool(self, sort: str, abi: str, tokens, given, balances: list[int]) -> Pool:
        factory = self.factories[sort]
        given = ("Test pool", "BPT", *given)
        address = factory.call("create", *given)
        factory.send("create", *given)
        made = Pool(self, sort, _artifact(abi).at(self.rpc, address), tuple(tokens))
        endow(tokens, self.vault.address)
        made.join(balances)
        return made


class Pool(NamedTuple):
    """A pool, and what is done with it."""

    exchange: Balancer
    sort: str
    contract: Contract
    tokens: tuple[Contract, ...]

    @property
    def id(self) -> bytes:
        return self.contract.call("getPoolId")

    @property
    def assets(self) -> tuple[str, ...]:
        """What the vault lists: the tokens, and in a composable pool its own share too."""
        return self.exchange.vault.call("getPoolTokens", self.id)[0]

    @property
    def balances(self) -> list[int]:
        """The tokens' balances, without the pool's own share."""
        return self._mine(self.exchange.vault.call("getPoolTokens", self.id)[1])

    def join(self, balances: list[int]) -> None:
        """Put the first balances in."""
        amounts = dict(zip((token.address for token in self.tokens), balances, strict=True))
        ins = [amounts.get(to_checksum_address(asset), 0) for asset in self.assets]
        data = encode(["uint256", "uint256[]"], [0, ins])
        given = list(self.assets), [PLENTY] * len(ins), data, False
        self.exchange.vault.send("joinPool", self.id, OWNER, OWNER, given)

    def swap(self, sold: int, bought: int, amount: int) -> None:
        given = self._single(sold, bought, amount), (OWNER, False, OWNER, False)
        self.exchange.vault.send("swap", *given, 0, FOREVER)

    def quoted(self, sold: int, bought: int, amount: int) -> int:
        """Return what a swap would pay now, after its fee."""
        given = self._single(sold, bought, amount), (OWNER, False, OWNER, False)
        return self.exchange.queries.call("querySwap", *given)

    def payout(self, owner: str = OWNER) -> tuple[int, list[int]]:
        """Return an owner's shares, and what they all are paid when redeemed in proportion now."""
        shares = self.contract.call("balanceOf", owner)
        data = encode(["uint256", "uint256"], [LEAVE_WITH_ALL[self.sort], shares])
        assets = list(self.assets)
        given = assets, [0] * len(assets), data, False
        taken, paid = self.exchange.queries.call("queryExit", self.id, owner, owner, given)
        assert taken == shares
        return shares, self._mine(paid)

    def supply(self) -> int:
        """Return the shares that count: with those that are owed to the protocol, not minted."""
        asked = "totalSupply" if self.sort in FIRST else "getActualSupply"
        return self.contract.call(asked)

    def _mine(self, row) -> list[int]:
        assets = [to_checksum_address(asset) for asset in self.assets]
        return [row[assets.index(token.address)] for token in self.tokens]

    def _single(self, sold: int, bought: int, amount: int) -> tuple:
        ways = self.tokens[sold].address, self.tokens[bought].address
        return self.id, GIVEN_IN, *ways, amount, b""


def _artifact(name: str) -> Artifact:
    return Artifact.of(packages.BALANCER, f"{name}.json")
