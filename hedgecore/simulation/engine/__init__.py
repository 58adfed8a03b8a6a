"""The general engine: paths frame by frame, with a ledger."""
