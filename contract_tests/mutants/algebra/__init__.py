"""The algebra of mutants: what goes wrong (an effect), where, and when (a condition), as values that compose."""
