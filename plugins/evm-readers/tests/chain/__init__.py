"""A chain for tests: a local node, and the protocols' own bytecode deployed on it."""
