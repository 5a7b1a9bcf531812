"""The grid: every effect at every method under every condition, and what the suite says of each."""
