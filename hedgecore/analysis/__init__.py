"""Numbers about a book and its hedge: scenarios, sweeps, losses and carry."""
