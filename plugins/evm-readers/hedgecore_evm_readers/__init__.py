"""Readers of EVM chains: positions, fees and balances, all at one block hash.

`Evm` is the venue; each other class is a reader of one thing. `read` reads some of them.
"""

from __future__ import annotations

from hedgecore import hookimpl
from hedgecore_evm_readers.abi import Call, Ether
from hedgecore_evm_readers.balancer_buffer import BalancerBuffer
from hedgecore_evm_readers.balancer_v2 import BalancerV2
from hedgecore_evm_readers.balancer_v3 import BalancerV3
from hedgecore_evm_readers.base import EvmReader
from hedgecore_evm_readers.chainlink import Chainlink
from hedgecore_evm_readers.curve import CurveStableswap
from hedgecore_evm_readers.curve_crypto import CurveCryptoswap
from hedgecore_evm_readers.events import Logs
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.forks import AlgebraIntegral, AlgebraV1, Slipstream
from hedgecore_evm_readers.infinity_bins import InfinityBins
from hedgecore_evm_readers.infinity_cl import InfinityCl
from hedgecore_evm_readers.llamma import Llamma
from hedgecore_evm_readers.reading import read
from hedgecore_evm_readers.solidly import Solidly
from hedgecore_evm_readers.uniswap_v2 import UniswapV2
from hedgecore_evm_readers.uniswap_v3 import UniswapV3
from hedgecore_evm_readers.uniswap_v3_pool import UniswapV3Pool
from hedgecore_evm_readers.uniswap_v4 import UniswapV4
from hedgecore_evm_readers.vault import RangeVault
from hedgecore_evm_readers.wallet import Wallet

__all__ = [
    "AlgebraIntegral",
    "AlgebraV1",
    "BalancerBuffer",
    "BalancerV2",
    "BalancerV3",
    "Call",
    "Chainlink",
    "CurveCryptoswap",
    "CurveStableswap",
    "Ether",
    "Evm",
    "EvmReader",
    "InfinityBins",
    "InfinityCl",
    "Llamma",
    "Logs",
    "RangeVault",
    "Slipstream",
    "Solidly",
    "UniswapV2",
    "UniswapV3",
    "UniswapV3Pool",
    "UniswapV4",
    "Wallet",
    "read",
]


@hookimpl
def hedgecore_readers() -> list[type[EvmReader]]:
    """Provide the readers."""
    return [
        AlgebraIntegral,
        AlgebraV1,
        BalancerBuffer,
        BalancerV2,
        BalancerV3,
        Chainlink,
        CurveCryptoswap,
        CurveStableswap,
        InfinityBins,
        InfinityCl,
        Llamma,
        RangeVault,
        Slipstream,
        Solidly,
        UniswapV2,
        UniswapV3,
        UniswapV3Pool,
        UniswapV4,
        Wallet,
    ]
