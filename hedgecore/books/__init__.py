"""Books: a market, positions and instruments in one file."""
