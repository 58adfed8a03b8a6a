"""The dashboard: what a journal says, in a browser, and nothing that can be clicked to trade."""
