"""What faulty sessions are made with."""

from __future__ import annotations
