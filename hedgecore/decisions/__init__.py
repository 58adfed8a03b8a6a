"""Decisions: when to trade, how far and what, by policies and costs."""
