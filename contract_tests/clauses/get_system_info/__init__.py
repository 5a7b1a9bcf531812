"""What the interface promises about get_system_info, and the checks that hold a session to it."""

from __future__ import annotations
