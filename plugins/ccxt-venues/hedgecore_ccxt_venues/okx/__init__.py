"""OKX: swaps, futures and options of one account."""
