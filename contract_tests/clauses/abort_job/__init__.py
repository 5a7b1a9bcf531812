"""What the interface promises about abort_job, and the checks that hold a session to it."""

from __future__ import annotations
