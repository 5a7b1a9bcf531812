"""What the interface promises about list_jobs, and the checks that hold a session to it."""

from __future__ import annotations
