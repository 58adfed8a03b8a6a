"""Units of time and size, each under one name: the year of all rates, volatilities and times."""

DAYS_PER_YEAR = 365.0
HOURS_PER_DAY = 24.0
HOURS_PER_YEAR = HOURS_PER_DAY * DAYS_PER_YEAR
BASIS_POINT = 1e-4
SECONDS_PER_YEAR = 3600.0 * HOURS_PER_YEAR
