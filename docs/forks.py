"""The page of forks, chains and managers, from the rows themselves; `generate.py` writes it."""
# ruff: noqa: INP001 - docs is a folder of pages, not a package

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parent / "reference" / "forks.md"
HEAD = "<!-- written by docs/generate.py from hedgecore_evm_readers: change it there -->\n"
POOLS = """\
What leads to it is its `owner` alone, or its `pool`, which is named: itself, by its LP token, or by
where it is staked, a gauge of Curve, Balancer, Aerodrome or Velodrome, a reward pool of Convex or
Aura. Positions in PancakeSwap's farm are found by their owner, those in Slipstream's gauges by
their pool. `bytecode` is the protocol's own, from a registry or compiled from its sources, through
deposit, swaps, claim and exit in parts. An `encoding` is of states that the protocol's own code was
in, recorded, and encoded by an independent package; FXSwap's are of its own equation. What is
`unproven` is taken from a published ABI: no registry has its code.
"""
ABOUT = """\
A layout is proven by the answers of its own `bytecode`, to the raw unit, or it is `unproven`: taken
from a published ABI. PancakeSwap's pools run under Uniswap's manager, which theirs is but for
names, since no registry has it. An owner's positions are found through every manager below.
"""
STAKED = """\
The gauge is Balancer's, whose interface is that of Curve's, and Aerodrome's; Slipstream's is with
its layout. What a farm's liquidity earns was set in its proof, and paid by its own code.
"""


def page() -> str:
    """Page of what is read of ranges: family by chain, and how each row is proven."""
    from hedgecore_evm_readers import hedgecore_readers  # noqa: PLC0415
    from hedgecore_evm_readers.deployments import chains, deployments  # noqa: PLC0415
    from hedgecore_evm_readers.farm import FARMS  # noqa: PLC0415
    from hedgecore_evm_readers.layouts import LAYOUTS  # noqa: PLC0415 - pages of a core alone
    from hedgecore_evm_readers.staking import STAKINGS  # noqa: PLC0415
    from hedgecore_evm_readers.token_kinds import CLAIMS  # noqa: PLC0415

    layouts = [(f"`{e.name}`", e.title, f"`evm-{e.family}`", e.proof) for e in LAYOUTS]
    titled = (each for each in hedgecore_readers() if each.title)
    protocols = [(e.title, f"`{e.kind}`", e.found_by, e.proof) for e in titled]
    managers = [
        (chains()[e.chain].name, str(e.chain), f"`{e.name}`", f"`{e.family}`", e.source)
        for e in sorted(deployments(), key=lambda e: (e.chain, e.name))
    ]
    parts = [HEAD, "# What is read on which chain\n"]
    heads = ("of", "reader", "found by", "proven by")
    parts += ["## Pools, positions and loans\n", POOLS, _table(heads, protocols)]
    parts += [
        "## Layouts of ranges\n",
        ABOUT,
        _table(("layout", "of", "reader", "proven by"), layouts),
    ]
    held = [(e.title, e.proof) for e in (*reversed(STAKINGS), *FARMS, *CLAIMS)]
    heads = ("what holds or claims", "proven by")
    parts += ["## Staking, and tokens that claim others\n", STAKED, _table(heads, held)]
    heads = ("chain", "id", "name", "family", "source")
    return "\n".join([*parts, "## Position managers\n", _table(heads, managers)])


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
