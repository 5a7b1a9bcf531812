"""What the interface promises about the life of a job, across all methods, and the checks that hold a session to it."""

from __future__ import annotations
