"""What comes from the disk and goes to it, where others may change what lies there at the same time."""

from __future__ import annotations
