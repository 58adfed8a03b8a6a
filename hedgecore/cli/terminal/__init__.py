"""The terminal: tables that fit, progress, failures as one sentence."""
