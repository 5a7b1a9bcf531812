"""Situations a system may get into, as TOML and as Python: who is there and when, how jobs end, what breaks."""
