"""Numerical methods that know no market and no pool."""
