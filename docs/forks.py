"""The pages of protocols and of managers, from the rows themselves; `generate.py` writes them."""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

from pathlib import Path

REFERENCE = Path(__file__).resolve().parent / "reference"
HEAD = "<!-- written by docs/generate.py from hedgecore_evm_readers: change it there -->\n"
ABOUT = """\
What leads to it is its `owner` alone, or its `pool`, which is named: itself, by its LP token, or
by where it is staked, a gauge of Curve, Balancer, Aerodrome or Velodrome, a reward pool of Convex
or Aura. Positions in PancakeSwap's farm are found by their owner, those in Slipstream's gauges by
their pool; those of Uniswap v4 and PancakeSwap Infinity, whose managers list none, by events. On
`any chain` is what names its own contracts; else they are known on the chains whose ids stand
here ([managers](managers.md)), or `--contract` names them.

`bytecode` is the protocol's own, through deposit, swaps, claim and exit in parts, to the raw unit.
Aerodrome's and Balancer v3's are compiled from packages of their sources, Aerodrome's under a
voter whose answers are set; PancakeSwap's pools of v3 run under Uniswap's manager, which theirs is
but for names. An `encoding` is of states that an independent encoder writes as the contracts say
them: of the package that is named, which was led through deposit, swaps and exit; else of the
protocol's own code, which was run and its answers recorded. E-CLPs and reCLAMMs are pools of
Balancer's own vault whose curve is the package's; FXSwap's states are of `curvesim`'s StableSwap on
its price scale; Infinity's CL has the words of `@pancakeswap/infinity-sdk` in states that v4's
bytecode made and paid, and Algebra v1.9 those of `@paraswap/dex-lib` in states of v1's; swaps of
Infinity's bins were carried out by that package beside their own code.
`unproven` is what was taken from published sources or ABIs alone. All vaults but Arrakis v2's must
say that they hold what was read.
"""
MANAGERS = """\
Managers of positions by their NFT that are known, by chain; the reader of a family is on the page
of [what is read](forks.md). [A fork of a known family](../how-to/add-a-fork.md) is one row more.
"""
PAIRS = """\
Pairs in Uniswap v2's layout are read by their own words, whoever made them; of these factories the
fee is known, and the protocol's part. A pair that its factory has not made is refused.
"""
STAKED = """\
The gauge is Balancer's, whose interface is that of Curve's, and Aerodrome's; Slipstream's is with
its layout. What a farm's liquidity earns was set in its proof, and paid by its own code. The reward
pool is Convex's; Aura's has its words. wstETH's own code ran over a stETH whose rate was set.
ERC-4626 is OpenZeppelin's, and Aave's pool, which says what an aToken has earned, was set.
"""


def written() -> dict[Path, str]:
    """Page by its file: what is read on which chain, and the managers that are known."""
    return {REFERENCE / "forks.md": _page(), REFERENCE / "managers.md": _managers()}


def _page() -> str:
    """Page of what is read: protocol by chain, what leads to it, and how each is proven."""
    from hedgecore_evm_readers.farm import FARMS  # noqa: PLC0415 - pages of a core alone
    from hedgecore_evm_readers.staking import STAKINGS  # noqa: PLC0415
    from hedgecore_evm_readers.token_kinds import CLAIMS  # noqa: PLC0415

    heads = ("of", "reader", "found by", "on", "proven by")
    parts = [HEAD, "# What is read on which chain\n", ABOUT, _table(heads, _protocols())]
    held = [(e.title, e.proof) for e in (*reversed(STAKINGS), *FARMS, *CLAIMS)]
    heads = ("what holds or claims", "proven by")
    return "\n".join(
        [*parts, "## Staking, and tokens that claim others\n", STAKED, _table(heads, held)]
    )


def _managers() -> str:
    """Page of the managers of positions on each chain, and where each address is from."""
    from hedgecore_evm_readers.deployments import chains, deployments  # noqa: PLC0415

    rows = [
        (chains()[e.chain].name, str(e.chain), f"`{e.name}`", f"`{e.family}`", e.source)
        for e in sorted(deployments(), key=lambda e: (e.chain, e.name))
    ]
    heads = ("chain", "id", "name", "family", "source")
    parts = [HEAD, "# Managers of positions\n", MANAGERS, _table(heads, rows)]
    heads = ("of", "on", "fee", "source")
    return "\n".join([*parts, "## Factories of pairs\n", PAIRS, _table(heads, _pairs())])


def _pairs() -> list[tuple[str, ...]]:
    """Rows of the factories of pairs, each name with all its chains."""
    from hedgecore_evm_readers.deployments import pair_factories  # noqa: PLC0415

    chains = dict[tuple[str, str, str], list[int]]()
    for each in pair_factories().values():
        row = (each.name, f"{each.fee:.2%}", each.source)
        chains.setdefault(row, []).extend(each.chains)
    return [
        (name, ", ".join(map(str, sorted(found))), fee, source)
        for (name, fee, source), found in chains.items()
    ]


def _protocols() -> list[tuple[str, ...]]:
    """Rows of readers that are some protocol's, and of each layout of ranges."""
    from hedgecore_evm_readers import hedgecore_readers  # noqa: PLC0415
    from hedgecore_evm_readers.layouts import LAYOUTS  # noqa: PLC0415

    titled = [
        (e.title, f"`{e.kind}`", e.found_by, _places(e.through), e.proof)
        for e in hedgecore_readers()
        if e.title
    ]
    ranges = [(e.title, f"`evm-{e.family}`", "owner", _places(e.family), e.proof) for e in LAYOUTS]
    return [*titled, *ranges]


def _places(name: str | None) -> str:
    """Chains on which a contract, or a manager of a family, is known."""
    from hedgecore_evm_readers.deployments import chains, family_of  # noqa: PLC0415

    if name is None:
        return "any chain"
    there = [
        number
        for number, chain in chains().items()
        if any(name in (each, family_of(each)) for each in chain.contracts)
    ]
    return ", ".join(map(str, sorted(there))) or "none yet"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
