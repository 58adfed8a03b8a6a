"""The engine for a book that one price moves and a band hedges: from trade to trade."""
