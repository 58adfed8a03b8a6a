"""Perpetual Protocol's own bytecode, from npm: pinned by hash, cached outside of the tree.

Nothing of it may be vendored: it is GPL-3.0.
"""

from __future__ import annotations

from chain.packages import Package

CURIE = Package(
    "@perp/curie-contract",
    "2.8.4",
    "sha512-fTHxpzzuHlSyCEvI6T8Ya10Oz3Y4T06YTiCciR/4uvR9rx/9Afmm8nDLJ85ZwXiA0edce9bPUkE/ZcKY4xkJEw==",
    tuple(
        f"artifacts/contracts/{name}.sol/{name}.json"
        for name in (
            "AccountBalance",
            "BaseToken",
            "ClearingHouse",
            "ClearingHouseConfig",
            "CollateralManager",
            "DelegateApproval",
            "Exchange",
            "InsuranceFund",
            "MarketRegistry",
            "OrderBook",
            "QuoteToken",
            "Vault",
        )
    ),
)
ORACLE = Package(
    "@perp/perp-oracle-contract",
    "0.6.8",
    "sha512-TrPYGq2iLudByTL939LSQedId84B8+lTgczJBvNlPjk7ENAykMxlIrk6IFFgtRfbX2Bo4wp4DeM/1bMaK3z+4Q==",
    tuple(
        f"artifacts/contracts/{name}.sol/{name}.json"
        for name in ("ChainlinkPriceFeedV3", "PriceFeedDispatcher")
    ),
)
PINNED = (CURIE, ORACLE)
