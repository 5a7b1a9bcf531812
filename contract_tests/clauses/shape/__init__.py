"""What the interface promises about its classes, and the checks that hold a session to it."""

from __future__ import annotations
