"""Files and tables: read within bounds, written whole or not at all, rendered for people."""
