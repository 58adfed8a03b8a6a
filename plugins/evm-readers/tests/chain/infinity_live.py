"""Positions of Uniswap v4 on a live chain, said in PancakeSwap Infinity's words beside it.

Infinity's CL is v4's curve behind other calls: v4's own bytecode moves the state and pays, and the
answers of Infinity's managers are that state, encoded anew after each move.
"""

from __future__ import annotations

from attrs import Factory, define
from hedgecore_evm_readers import InfinityCl

from chain import stubs
from chain.infinity import CL_MANAGER, CL_POOLS, Pool, cl_answers
from chain.recorded import Answers
from chain.uniswap_v4 import UniswapV4, pool_id, ticks_of


@define
class CurrentWords:
    """Infinity's two contracts, which say of each position that is asked for what v4 has of it."""

    exchange: UniswapV4
    manager: Answers = Factory(dict)
    pools: Answers = Factory(dict)

    def reader(self, token_id: int, contract: str) -> InfinityCl:
        """Reader of a position of v4's manager, as one of Infinity's, of how it is now."""
        assert contract == self.exchange.positions.address
        key, packed = self.exchange.positions.call("getPoolAndPositionInfo", token_id)
        zero, one, fee, spacing, _ = key
        case = self.case(pool_id(key), ticks_of(packed), token_id)
        pool = Pool((zero, one), CL_POOLS, fee, spacing)
        manager, pools = cl_answers(pool, case, token_id)
        self.manager |= manager
        self.pools |= pools
        stubs.install(self.exchange.rpc, CL_MANAGER, self.manager)
        stubs.install(self.exchange.rpc, CL_POOLS, self.pools)
        return InfinityCl(token_id=token_id, contract=CL_MANAGER)

    def case(self, its: bytes, ticks: tuple[int, int], token_id: int) -> dict:
        """Return the state of a position and its pool, which has this id, as cases have it."""
        view = self.exchange.view
        root, tick, protocol, _ = view.call("getSlot0", its)
        growth = view.call("getFeeGrowthGlobals", its)
        owner, salt = self.exchange.positions.address, token_id.to_bytes(32)
        mine = view.call("getPositionInfo", its, owner, *ticks, salt)
        ends = [dict(enumerate(view.call("getTickInfo", its, each))) for each in ticks]
        liquidity, *last = mine
        return {
            "state": {
                "sqrt_price_x96": root,
                "tick": tick,
                "protocol_fee": protocol,
                "liquidity": view.call("getLiquidity", its),
                **{f"fee_growth_global{i}_x128": each for i, each in enumerate(growth)},
            },
            "position": {
                **dict(zip(("tick_lower", "tick_upper"), ticks, strict=True)),
                "liquidity": liquidity,
                **{f"fee_growth_inside{i}_last_x128": each for i, each in enumerate(last)},
                **dict(zip(("lower_tick", "upper_tick"), ends, strict=True)),
            },
        }
