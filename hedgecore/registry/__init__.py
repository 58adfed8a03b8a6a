"""Kinds that are installed, by which plugin, and models from plain tables."""
