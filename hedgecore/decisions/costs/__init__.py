"""Costs of trading, one kind a file."""
