"""Incomes of a position in a pool, one kind a file."""
