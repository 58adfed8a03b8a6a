"""The hedge, kept: watch, decide, trade, resolve, write down."""
