"""Calls after calls: histories, drawn walks, the contract's model of a server, and the state machine."""

from __future__ import annotations
