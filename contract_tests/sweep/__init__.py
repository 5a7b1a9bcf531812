"""The suite with many seeds: what is tried with each, what is kept of it, and the report on all of them."""
