"""Models of what prices do, one a file."""
