"""The interfaces that plugins implement beside pools, instruments and solvers."""
