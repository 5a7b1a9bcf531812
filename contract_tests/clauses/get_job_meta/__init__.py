"""What the interface promises about get_job_meta, and the checks that hold a session to it."""

from __future__ import annotations
