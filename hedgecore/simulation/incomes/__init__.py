"""What a position in a pool earns, one way a file."""
