"""What the interface promises about close, and the checks that hold a session to it."""

from __future__ import annotations
