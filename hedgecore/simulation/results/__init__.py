"""Results of a run: sums over paths, metrics and their errors."""
