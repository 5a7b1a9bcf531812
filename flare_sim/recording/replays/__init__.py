"""Recordings made again: what they tell of their system, how calls are played, and what turns out otherwise."""

from __future__ import annotations
