"""Legs: what is held, a unit of it, as time goes by; one way to be held a file."""
