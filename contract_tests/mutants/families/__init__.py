"""Faults that several subjects have in common, and what is known of calls there: made of the algebra, and no more."""
