"""Exchanges, faked on this machine after their documents: what ccxt's own client talks to."""
