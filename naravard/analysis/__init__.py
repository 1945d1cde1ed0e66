"""Pure functions from data frames to results: trends, fixed prices, contributions."""
