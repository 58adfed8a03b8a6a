"""All the protocols on one node."""

from __future__ import annotations

import re
from typing import NamedTuple

from chain import packages
from chain.balancer import Balancer
from chain.contracts import Artifact, Contract, message, transact
from chain.node import Node
from chain.rpc import Rpc
from chain.uniswap_v2 import UniswapV2
from chain.uniswap_v3 import UniswapV3
from chain.uniswap_v4 import UniswapV4

MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11"
OWNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


class Chain(NamedTuple):
    """A node, its connection, and what stands on it."""

    node: Node
    rpc: Rpc
    weth: Contract
    uniswap_v2: UniswapV2
    free_v2: UniswapV2
    """A fork without a fee, so that its curve stands still."""
    uniswap_v3: UniswapV3
    uniswap_v4: UniswapV4
    balancer: Balancer

    @classmethod
    def on(cls, node: Node) -> Chain:
        """Deploy everything, in a tenth of a second."""
        rpc = node.rpc
        weth = Artifact.of(packages.V2_PERIPHERY, "WETH9.json").deploy(rpc)
        multicall(rpc)
        return cls(
            node,
            rpc,
            weth,
            UniswapV2.deploy(rpc),
            UniswapV2.deploy(rpc, permille=0),
            UniswapV3.deploy(rpc, weth),
            UniswapV4.deploy(rpc, weth),
            Balancer.deploy(rpc, weth),
        )


def multicall(rpc: Rpc) -> None:
    """Put Multicall3 where it stands on every chain."""
    source = packages.text(packages.VIEM, "contracts.js")
    (code,) = re.findall(r"multicall3Bytecode = '0x([0-9a-f]+)'", source)
    made = transact(rpc, message(OWNER, bytes.fromhex(code)))["contractAddress"]
    rpc.ask("anvil_setCode", MULTICALL3, rpc.ask("eth_getCode", made, "latest"))
