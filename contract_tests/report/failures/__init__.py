"""Failures, for people: what one says, which have one cause, and telling of one as soon as it is found."""

from __future__ import annotations
