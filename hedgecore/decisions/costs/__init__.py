"""What trading costs, one cost a file."""
