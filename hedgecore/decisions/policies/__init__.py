"""Policies of when to hedge, one a file."""
