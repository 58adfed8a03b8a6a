"""Deribit: perpetuals, futures and options of one settlement currency."""
