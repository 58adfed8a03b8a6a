"""Perpetual Protocol v2 for tests: its own bytecode, deployed on the local node of the readers."""
