"""Hyperliquid, faked on this machine: what the SDK's own client talks to."""
