"""stETH by the shares of Gearbox's model of it, and wstETH behind Gearbox's interface of that.

What Lido's own oracle reports is set: a reward, or a loss. wstETH is a token of ours with the few
words of the interface, each of them of stETH's shares, as wstETH is.
"""

from __future__ import annotations

from typing import NamedTuple

from chain import solidity
from chain.contracts import OWNER, Contract
from chain.packages import Package
from chain.rpc import Rpc

GEARBOX = Package(
    "@gearbox-protocol/integrations-v3",
    "1.52.2",
    "sha512-ZcgQHspnq6GD4ktm51oH2qExp3XrZeHGzorn7OF3DtUHQbaW+KfHpLngZgi1LtnpDBGfknjvbCkzM9m8/egdmQ==",
    ("contracts/integrations/", "contracts/test/mocks/"),
)
OPENZEPPELIN_4 = Package(
    "@openzeppelin/contracts",
    "4.9.6",
    "sha512-xSmezSupL+y9VkHZJGDoCBpmnB2ogM13ccaYDWqJTfS3dbuHkgjuwDFUmaFauBCboQMGB/S5UqUl2y54X99BmA==",
    ("token/", "utils/"),
)
PINNED = (GEARBOX, OPENZEPPELIN_4)
SCOPE = "@gearbox-protocol/integrations-v3/"
OURS = {
    "Staked.sol": """\
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {StETHMock} from
    "@gearbox-protocol/integrations-v3/contracts/test/mocks/token/StETHMock.sol";
contract Staked is StETHMock {
    function submit(address owner, uint256 amount) external {
        uint256 shares = getTotalShares() == 0 ? amount : getSharesByPooledEth(amount);
        _mintShares(owner, shares);
        totalPooledEtherSynced += amount;
    }
    function report(uint256 pooled) external { totalPooledEtherSynced = pooled; }
}
""",
    "Wrapped.sol": """\
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IwstETH} from "@gearbox-protocol/integrations-v3/contracts/integrations/lido/IwstETH.sol";
import {IstETH} from "@gearbox-protocol/integrations-v3/contracts/integrations/lido/IstETH.sol";
contract Wrapped is ERC20, IwstETH {
    IstETH private immutable staked;
    constructor(IstETH its) ERC20("Wrapped", "wstETH") { staked = its; }
    function stETH() external view returns (address) { return address(staked); }
    function wrap(uint256 amount) external returns (uint256 shares) {
        shares = getWstETHByStETH(amount);
        _mint(msg.sender, shares);
        staked.transferFrom(msg.sender, address(this), amount);
    }
    function unwrap(uint256 shares) external returns (uint256 amount) {
        amount = getStETHByWstETH(shares);
        _burn(msg.sender, shares);
        staked.transfer(msg.sender, amount);
    }
    function getWstETHByStETH(uint256 amount) public view returns (uint256) {
        return staked.getSharesByPooledEth(amount);
    }
    function getStETHByWstETH(uint256 shares) public view returns (uint256) {
        return staked.getPooledEthByShares(shares);
    }
    function stEthPerToken() external view returns (uint256) { return getStETHByWstETH(1 ether); }
    function tokensPerStEth() external view returns (uint256) { return getWstETHByStETH(1 ether); }
}
""",
}


def source(name: str) -> str:
    """Return a source of ours, of Gearbox's, or of OpenZeppelin's of those years."""
    if name in OURS:
        return OURS[name]
    package = GEARBOX if name.startswith(SCOPE) else OPENZEPPELIN_4
    inside = name.removeprefix(SCOPE).removeprefix("@openzeppelin/contracts/")
    return (package.folder / inside).read_text("utf-8")


class Lido(NamedTuple):
    """stETH, of which there is some, and wstETH."""

    staked: Contract
    wrapped: Contract

    @classmethod
    def deploy(cls, rpc: Rpc, weth: Contract) -> Lido:  # noqa: ARG003 - as all that are deployed
        files = {"Staked": "Staked.sol", "Wrapped": "Wrapped.sol"}
        made = solidity.compiled(solidity.SOLC_8, files, source)
        staked = made["Staked"].deploy(rpc)
        its = cls(staked, made["Wrapped"].deploy(rpc, staked.address))
        staked.send("submit", OWNER, 10**24 + 7)
        staked.send("approve", its.wrapped.address, 2**256 - 1)
        return its

    def report(self, permille: int) -> None:
        """Have all that is staked be worth so many thousandths of what it was, and a bit."""
        pooled = self.staked.call("getTotalPooledEther") * permille // 1000 + 12_345
        self.staked.send("report", pooled)
