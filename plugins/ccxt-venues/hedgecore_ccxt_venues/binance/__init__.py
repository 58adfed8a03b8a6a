"""Binance: perpetuals and futures that are margined in dollars (USDⓈ-M)."""
