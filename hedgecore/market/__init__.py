"""Prices of named assets in one numeraire; exposures, instruments and portfolios."""
