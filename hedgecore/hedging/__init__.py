"""The hedge: the problem in cash, solvers, lots, and the result."""
