"""Curves of Balancer v3's that no package has the source of: their answers by the protocol's maths.

The vault is asked for its balances, `@balancer-labs/balancer-maths` what a swap gives, and a pool
is told to answer so. It is the vault that moves the balances.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from attrs import define

from chain import recorded
from chain.balancer_v3 import BOUNDS, DAY, ONE, BalancerV3, Pool, selector
from chain.contracts import Contract
from chain.recorded import ints, said

SWAP = "onSwap((uint8,uint256,uint256[],uint256,uint256,address,bytes))"
INVARIANT = "computeInvariant(uint256[],uint8)"
DERIVED = ("u", "v", "w", "z", "dSq")
VIRTUAL = "computeCurrentVirtualBalances()"
WITHIN = "isPoolWithinTargetRangeUsingCurrentVirtualBalances()"


@define
class Market(ABC):
    """A pool whose curve is the package's, which `judge` asks."""

    pool: Pool
    judge: Callable[[Any], Any]
    scales: list[int]
    fee: int
    moves: ClassVar[bool] = False

    @classmethod
    def open(cls, exchange: BalancerV3, judge, pair: list[Contract], *, rates: tuple, fee: int):
        """Create a pool of two tokens, and put the first amounts in."""
        bounds = {name: said("uint256", each) for name, each in BOUNDS.items()}
        pool = exchange.given(pair, bounds, fee=fee, rates=rates)
        its = cls(pool, judge, [10 ** (18 - token.call("decimals")) for token in pair], fee)
        its.tell({INVARIANT: said("uint256", 10**21)})
        pool.start(its.first())
        return its

    def tell(self, answers: dict[str, bytes]) -> None:
        """Have the pool answer so, by signature."""
        for signature, answer in answers.items():
            self.pool.contract.send("give", selector(signature), answer)

    def swap(self, sold: int, amount: int) -> None:
        """Sell so much: what the curve gives is the package's word, what is paid the vault's."""
        said_of = self.ask((sold, amount))
        self.tell({SWAP: said("uint256", int(said_of["scaled"]))})
        assert self.pool.swap(sold, 1 - sold, amount) == int(said_of["paid"])

    def ask(self, swap: tuple[int, int] | None = None) -> dict:
        """Return what the package says of the pool as the vault has it, and of a swap."""
        vault, address = self.pool.exchange.vault, self.pool.contract.address
        state = {
            "scalingFactors": self.scales,
            "tokenRates": list(vault.call("getPoolTokenRates", address)[1]),
            "balancesLiveScaled18": list(vault.call("getCurrentLiveBalances", address)),
            "swapFee": self.fee,
            **self.curve(),
        }
        question = json.loads(json.dumps({"pool": state, "swap": swap}), parse_int=str)
        return self.judge([question])[0]

    @abstractmethod
    def first(self) -> list[int]:
        """Return the first amounts, raw."""

    @abstractmethod
    def curve(self) -> dict:
        """Return the curve's own fields, by the package's names."""

    @abstractmethod
    def answer(self) -> None:
        """Have the pool say what its curve is now."""


@define
class Ellipse(Market):
    """An E-CLP of Gyroscope's, with the parameters of a recorded one."""

    @property
    def words(self) -> dict:
        return recorded.cases("gyro_eclp")[0]["pool"]

    def first(self) -> list[int]:
        return [10**24 // self.scales[0], 10**24 // self.scales[1]]

    def curve(self) -> dict:
        its, names = self.words, ("alpha", "beta", "c", "s", "lambda")
        derived = its["derived_e38"]
        flat = {f"params{n.capitalize()}": int(its[f"{n}_e18"]) for n in names}
        for edge in ("alpha", "beta"):
            for axis, word in zip("XY", ints(derived[f"tau_{edge}"]), strict=True):
                flat[f"tau{edge.capitalize()}{axis}"] = word
        return {"poolType": "GYROE", **flat, **{n: int(derived[n]) for n in DERIVED}}

    def answer(self) -> None:
        words = [int(self.words[f"{name}_e18"]) for name in ("alpha", "beta", "c", "s", "lambda")]
        asked = {"getECLPParams()": said("int256,int256,int256,int256,int256", *words) + bytes(288)}
        self.tell(asked)


@define
class Reclamm(Market):
    """A reCLAMM, whose virtual balances move by time once its price is out of its margin."""

    last: tuple[int, int] = (2 * 10**24, 3 * 10**24)
    since: int = 0
    moves: ClassVar[bool] = True

    @property
    def now(self) -> int:
        return int(self.pool.exchange.rpc.block()["timestamp"], 16)

    def first(self) -> list[int]:
        return [10**24 // self.scales[0], 12 * 10**23 // self.scales[1]]

    def curve(self) -> dict:
        at, root = self.now + 1, 1_106_681_919_700_321_536
        return {
            "poolType": "RECLAMM_V2",
            "lastVirtualBalances": list(self.last),
            "dailyPriceShiftBase": 999_991_977_472_743_464,
            "lastTimestamp": self.since or at,
            "currentTimestamp": at,
            "centerednessMargin": ONE // 5,
            "startFourthRootPriceRatio": root,
            "endFourthRootPriceRatio": root,
            "priceRatioUpdateStartTime": at - 2 * DAY,
            "priceRatioUpdateEndTime": at - DAY,
        }

    def swap(self, sold: int, amount: int) -> None:
        *before, _ = self.ask()["virtual"]
        super().swap(sold, amount)
        self.last, self.since = (int(before[0]), int(before[1])), self.now

    def wait(self, seconds: int) -> None:
        """Have time go by, by which alone the range moves."""
        self.pool.exchange.rpc.ask("evm_increaseTime", seconds)
        self.pool.exchange.rpc.ask("evm_mine")
        self.answer()

    def answer(self) -> None:
        *amounts, changed = self.ask()["virtual"]
        words = said("uint256,uint256,bool", *map(int, amounts), changed)
        self.tell({WITHIN: said("bool,bool", not changed, changed), VIRTUAL: words})
