"""What people read: a report in a terminal, as HTML, JUnit, Markdown or a badge, and scripts that repeat failures."""

from __future__ import annotations
