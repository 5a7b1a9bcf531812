"""What the interface promises about download_job_result, and the checks that hold a session to it."""

from __future__ import annotations
