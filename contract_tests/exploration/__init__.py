"""Exhaustive exploration: all sequences of calls up to a depth, judged by the contract's model, equal states once."""

from __future__ import annotations
