"""Which kinds are installed, by which plugin, and models from plain tables."""
