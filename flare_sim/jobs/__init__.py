"""What a job is: its definition and files, its life as a table, what its run does and leaves behind."""

from __future__ import annotations
