"""Uniswap v4: one manager of all pools, positions by coded actions, swaps up to a price."""

from __future__ import annotations

import re
from typing import NamedTuple

from eth_abi import encode
from eth_utils import keccak

from chain import packages
from chain.contracts import OWNER, ZERO, Artifact, Contract, function
from chain.rpc import Rpc
from chain.ticks import HIGHEST, LOWEST
from chain.tokens import PLENTY, endow

PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3"
KEY = "(address,address,uint24,int24,address)"
FOREVER = 2**48 - 1
MINT, DECREASE, BURN, SETTLE_PAIR, TAKE_PAIR = 0x02, 0x01, 0x03, 0x0D, 0x11
SPACING = {0: 1, 100: 1, 500: 10, 3000: 60, 10000: 200}


class UniswapV4(NamedTuple):
    """The manager of pools, that of positions, the lens on both, and a router for tests."""

    rpc: Rpc
    manager: Contract
    positions: Contract
    view: Contract
    router: Contract
    permit2: Contract

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> UniswapV4:
        core, periphery = packages.V4_CORE, packages.V4_PERIPHERY
        manager = Artifact.of(core, "PoolManager.json").deploy(rpc, OWNER)
        positions = Artifact.of(periphery, "PositionManager.json")
        return cls(
            rpc,
            manager,
            positions.deploy(rpc, manager.address, PERMIT2, 300_000, ZERO, weth.address),
            Artifact.of(periphery, "StateView.json").deploy(rpc, manager.address),
            Artifact.of(core, "PoolSwapTest.json").deploy(rpc, manager.address),
            permit2(rpc),
        )

    def pool(self, tokens: list[Contract], fee: int, root: int, owner: str = OWNER) -> Pool:
        """Create a pool at a √price, and give its owner plenty of both tokens."""
        endow(tokens, PERMIT2, self.router.address, owner=owner)
        for token in tokens[tokens[0].address == ZERO :]:
            given = (token.address, self.positions.address, 2**160 - 1, FOREVER)
            self.permit2.send("approve", *given, sender=owner)
        made = Pool(self, tuple(tokens), fee)
        self.manager.send("initialize", made.key, root)
        return made


class Pool(NamedTuple):
    """A pool, and what is done with it."""

    exchange: UniswapV4
    tokens: tuple[Contract, Contract]
    fee: int
    keeps_what_is_taken: bool = False

    @property
    def spacing(self) -> int:
        return SPACING[self.fee]

    @property
    def key(self) -> tuple:
        zero, one = (token.address for token in self.tokens)
        return zero, one, self.fee, self.spacing, ZERO

    @property
    def id(self) -> bytes:
        return pool_id(self.key)

    @property
    def root(self) -> int:
        return self.exchange.view.call("getSlot0", self.id)[0]

    @property
    def charged(self) -> float:
        """The fraction of a swap that is taken from it: the protocol's, then the pool's."""
        protocol, its = self.exchange.view.call("getSlot0", self.id)[2:]
        return ((protocol & 0xFFF) + its - (protocol & 0xFFF) * its / 1e6) / 1e6

    def share_fees(self, one_in: int) -> None:
        """Give the protocol a thousandth, at most, of what is swapped."""
        manager = self.exchange.manager
        manager.send("setProtocolFeeController", OWNER)
        fee = 1000 // one_in
        manager.send("setProtocolFee", self.key, fee << 12 | fee)

    def mint(self, lower: int, upper: int, liquidity: int, owner: str = OWNER) -> int:
        """Open a position of exactly so much liquidity; return its token id."""
        token_id = self.exchange.positions.call("nextTokenId")
        types = [KEY, "int24", "int24", "uint256", "uint128", "uint128", "address", "bytes"]
        given = [self.key, lower, upper, liquidity, PLENTY, PLENTY, owner, b""]
        settle = SETTLE_PAIR, self._pair
        self._act(owner, (MINT, encode(types, given)), settle, value=self._ether)
        return token_id

    def swap(self, sold: int, amount: int = PLENTY >> 8, limit: int | None = None) -> None:
        """Sell up to an amount of token 0 or 1, no further than a √price."""
        edge = (LOWEST + 1, HIGHEST - 1)[sold] if limit is None else limit
        given = (sold == 0, -amount, edge)
        settings = False, False
        self.exchange.router.send("swap", self.key, given, settings, b"", value=self._ether)

    def move(self, root: int) -> None:
        """Swap until the pool's √price is exactly this one."""
        if root != self.root:
            self.swap(0 if root < self.root else 1, limit=root)
        assert self.root == root

    def state(self, token_id: int) -> dict:
        """Return the integers of a position and its pool, as a `uniswap-v3-position` has them."""
        positions = self.exchange.positions
        packed = positions.call("getPoolAndPositionInfo", token_id)[1]
        lower, upper = ticks_of(packed)
        return {
            "tick_lower": lower,
            "tick_upper": upper,
            "liquidity": positions.call("getPositionLiquidity", token_id),
            "sqrt_price_x96": self.root,
            "decimals": [token.call("decimals") for token in self.tokens],
        }

    def uncollected(self, token_id: int) -> tuple[int, int]:
        """Return what is paid when no liquidity is taken out: the fees alone."""
        given = encode(
            ["uint256", "uint256", "uint128", "uint128", "bytes"], [token_id, 0, 0, 0, b""]
        )
        return self._paid(token_id, DECREASE, given)

    def payout(self, token_id: int) -> tuple[int, int]:
        """Return what the position is paid when it is burnt now, less its fees."""
        given = encode(["uint256", "uint128", "uint128", "bytes"], [token_id, 0, 0, b""])
        fees, all_of_it = self.uncollected(token_id), self._paid(token_id, BURN, given)
        return all_of_it[0] - fees[0], all_of_it[1] - fees[1]

    @property
    def _ether(self) -> int:
        """What goes with a call that pays in Ether; what is not needed stays where it went."""
        return PLENTY >> 16 if self.tokens[0].address == ZERO else 0

    @property
    def _pair(self) -> bytes:
        return encode(["address", "address"], self.key[:2])

    def _act(self, owner: str, *actions: tuple[int, bytes], value: int = 0) -> None:
        codes, given = zip(*actions, strict=True)
        data = encode(["bytes", "bytes[]"], [bytes(codes), given])
        self.exchange.positions.send("modifyLiquidities", data, FOREVER, sender=owner, value=value)

    def _paid(self, token_id: int, code: int, given: bytes) -> tuple[int, int]:
        owner = self.exchange.positions.call("ownerOf", token_id)
        take = encode(["address", "address", "address"], [*self.key[:2], owner])
        with self.exchange.rpc.undone():
            before = [token.call("balanceOf", owner) for token in self.tokens]
            self._act(owner, (code, given), (TAKE_PAIR, take))
            after = [token.call("balanceOf", owner) for token in self.tokens]
        return after[0] - before[0], after[1] - before[1]


def permit2(rpc: Rpc) -> Contract:
    """Put Permit2 where it stands on every chain: its code is a string in its own test-suite."""
    source = packages.text(packages.V4_PERIPHERY, "DeployPermit2.sol")
    (code,) = re.findall(r'hex"([0-9a-f]+)"', source)
    rpc.ask("anvil_setCode", PERMIT2, f"0x{code}")
    return Contract(rpc, PERMIT2, [function("approve(address,address,uint160,uint48)")])


def pool_id(key: tuple) -> bytes:
    """Return what the manager knows the pool of a key by."""
    return keccak(encode([KEY], [key]))


def ticks_of(packed: int) -> tuple[int, int]:
    """Return the ticks of a position by the word that the manager keeps of it."""
    return _signed(packed >> 8), _signed(packed >> 32)


def _signed(word: int) -> int:
    return (word & 0xFFFFFF ^ 0x800000) - 0x800000
