"""What the interface promises when something is wrong, and the checks that hold a session to it."""

from __future__ import annotations
