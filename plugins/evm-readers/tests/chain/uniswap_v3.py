"""Uniswap v3: pools of any fee, positions as NFTs, swaps up to a price."""

from __future__ import annotations

from typing import NamedTuple

from chain import packages
from chain.contracts import OWNER, ZERO, Artifact, Contract
from chain.rpc import Rpc
from chain.ticks import HIGHEST, LOWEST, amounts
from chain.tokens import PLENTY, endow

FOREVER = 2**255
ALL = 2**128 - 1
SPACING = {0: 1, 100: 1, 500: 10, 3000: 60, 10000: 200}
"""Ticks between usable ticks, by fee in millionths: the official tiers, and one without a fee."""


class UniswapV3(NamedTuple):
    """A factory, and what its periphery does with it."""

    rpc: Rpc
    factory: Contract
    positions: Contract
    router: Contract

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> UniswapV3:
        factory = Artifact.of(packages.V3_CORE, "UniswapV3Factory.json").deploy(rpc)
        for fee in (0, 100):
            factory.send("enableFeeAmount", fee, SPACING[fee])
        manager = Artifact.of(packages.V3_PERIPHERY, "NonfungiblePositionManager.json")
        router = Artifact.of(packages.V3_PERIPHERY, "SwapRouter.json")
        return cls(
            rpc,
            factory,
            manager.deploy(rpc, factory.address, weth.address, ZERO),
            router.deploy(rpc, factory.address, weth.address),
        )

    def pool(self, tokens: list[Contract], fee: int, root: int, owner: str = OWNER) -> Pool:
        """Create a pool at a √price, and give its owner plenty of both tokens."""
        endow(tokens, self.positions.address, self.router.address, owner=owner)
        key = [token.address for token in tokens]
        self.positions.send("createAndInitializePoolIfNecessary", *key, fee, root)
        address = self.factory.call("getPool", *key, fee)
        artifact = Artifact.of(packages.V3_CORE, "UniswapV3Pool.json")
        return Pool(self, artifact.at(self.rpc, address), tuple(tokens), fee)


class Pool(NamedTuple):
    """A pool, and what is done with it."""

    exchange: UniswapV3
    contract: Contract
    tokens: tuple[Contract, Contract]
    fee: int
    keeps_what_is_taken: bool = True
    """Liquidity that is taken out is owed to the position, until it is collected."""

    @property
    def spacing(self) -> int:
        return SPACING[self.fee]

    @property
    def words(self) -> tuple:
        """What tells the pool from others of its tokens, as its position manager is told it."""
        return (self.fee,)

    @property
    def root(self) -> int:
        return self.contract.call("slot0")[0]

    @property
    def charged(self) -> float:
        """The fraction of a swap that is taken from it."""
        return self.fee / 1e6

    def share_fees(self, with_protocol: int) -> None:
        """Give the protocol one part in 4 to 10 of the fees; 0 for none."""
        self.contract.send("setFeeProtocol", with_protocol, with_protocol)

    def mint(
        self, lower: int, upper: int, liquidity: int, owner: str = OWNER, by: str = OWNER
    ) -> int:
        """Open a position of about so much liquidity for an owner; return its token id."""
        key = [token.address for token in self.tokens]
        wanted = amounts(liquidity, self.root, lower, upper)
        return self.deposit((*key, *self.words, lower, upper, *wanted, 0, 0, owner, FOREVER), by)

    def deposit(self, given: tuple, by: str) -> int:
        """Open a position as the manager is told; return its token id."""
        token_id, *_ = self.exchange.positions.call("mint", given, sender=by)
        self.exchange.positions.send("mint", given, sender=by)
        return token_id

    def decrease(self, token_id: int, liquidity: int, owner: str = OWNER) -> None:
        """Take liquidity out; what it was worth stays owed to the position."""
        given = (token_id, liquidity, 0, 0, FOREVER)
        self.exchange.positions.send("decreaseLiquidity", given, sender=owner)

    def swap(self, sold: int, amount: int = PLENTY >> 8, limit: int | None = None) -> None:
        """Sell up to an amount of token 0 or 1, no further than a √price."""
        ways = [token.address for token in self.tokens]
        edge = (LOWEST + 1, HIGHEST - 1)[sold] if limit is None else limit
        given = (ways[sold], ways[1 - sold], *self.words, OWNER, FOREVER, amount, 0, edge)
        self.exchange.router.send("exactInputSingle", given)

    def move(self, root: int) -> None:
        """Swap until the pool's √price is exactly this one."""
        if root != self.root:
            self.swap(0 if root < self.root else 1, limit=root)
        assert self.root == root

    def state(self, token_id: int) -> dict:
        """Return the integers of a position and its pool, as a `uniswap-v3-position` has them."""
        found = self.exchange.positions.named("positions", token_id)
        return {
            "tick_lower": found["tickLower"],
            "tick_upper": found["tickUpper"],
            "liquidity": found["liquidity"],
            "sqrt_price_x96": self.root,
            "decimals": [token.call("decimals") for token in self.tokens],
        }

    def payout(self, token_id: int) -> tuple[int, int]:
        """Return what the position's liquidity is paid when it is all taken out now."""
        manager = self.exchange.positions
        liquidity = manager.named("positions", token_id)["liquidity"]
        owner = manager.call("ownerOf", token_id)
        if not liquidity:
            return 0, 0
        given = (token_id, liquidity, 0, 0, FOREVER)
        return manager.call("decreaseLiquidity", given, sender=owner)

    def uncollected(self, token_id: int) -> tuple[int, int]:
        """Return what can be collected from the position now."""
        manager = self.exchange.positions
        owner = manager.call("ownerOf", token_id)
        return manager.call("collect", (token_id, owner, ALL, ALL), sender=owner)
